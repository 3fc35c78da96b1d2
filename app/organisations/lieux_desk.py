"""Réglages, Lieux: the list, one lieu in full, the import and the export of the schéma."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.organisations import actions, lieux_keeping, queries
from app.organisations.access import note_mine
from app.organisations.actions import OrganisationError
from app.organisations.guard import receives, reserved_to
from app.organisations.lieux_keeping import LieuError, Plan
from app.organisations.lieux_reading import LARGEST_FILE, LieuxFileError, Reading, read_lieux
from app.organisations.lieux_schema import (
    FIELDS,
    IDENTIFIER,
    NAME,
    REQUIRED,
    UPDATED,
    Field,
    missing,
)
from app.organisations.lieux_writing import as_csv, as_json, values_of
from app.organisations.models import Lieu
from app.organisations.queries import Reach
from app.organisations.roles import RESPONSABLE
from app.organisations.sessions import current_organisation_id
from app.organisations.settings_forms import LieuForm, LieuxFileForm, NewLieuForm
from app.web.current import database, today
from app.web.typography import plural

PAGE = "/espace/reglages/lieux"
#: A file at its heaviest, written again with the names of its fields before each value.
_BODY = 3 * LARGEST_FILE
#: Lines of a report that a page shows; more would bury them all.
MOST_SHOWN = 100
#: The required fields that people write; the two others are ours.
FIRST = tuple(field.name for field in REQUIRED if field.name not in (IDENTIFIER, UPDATED))
REST = tuple(name for name in FIELDS if name not in (*FIRST, UPDATED))


def routes(parent: Blueprint) -> None:
    """Add the pages of lieux."""
    one, both = "/reglages/lieux/<uuid:lieu_id>", ["GET", "POST"]
    parent.add_url_rule("/reglages/lieux", view_func=lieux, methods=both)
    parent.add_url_rule("/reglages/lieux/importer", view_func=importer_lieux, methods=both)
    parent.add_url_rule("/reglages/lieux.csv", view_func=exporter_lieux_csv)
    parent.add_url_rule("/reglages/lieux.json", view_func=exporter_lieux_json)
    parent.add_url_rule(one, view_func=lieu, methods=both)
    parent.add_url_rule(f"{one}/retirer", view_func=retirer_lieu, methods=both)


@reserved_to(RESPONSABLE)
def lieux() -> str | tuple[str, int] | AnyResponse:
    """Show every lieu, what the export still lacks, and add one."""
    form = NewLieuForm()
    if request.method != "POST":
        return _list_page(form)
    if not form.validate():
        return _list_page(form), 422
    try:
        with database().writing() as session:
            mine = current_organisation_id()
            added = actions.add_lieu(session, mine, form.nom.data, form.commune.data)
            note_mine(session, "lieux", added.name)
    except OrganisationError as error:
        form.nom.errors = [str(error)]
        return _list_page(form), 422
    flash(f"Le lieu « {form.nom.data} » est ajouté.")
    return redirect(PAGE, 303)


@reserved_to(RESPONSABLE)
def lieu(lieu_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Show one lieu, all its fields of the schéma, and write them."""
    with database().reading() as session:
        found = _mine(session, lieu_id)
    form = LieuForm(data=_as_typed(values_of(found)))
    if request.method != "POST":
        return _lieu_page(found, form)
    if not (form.validate() and _change(lieu_id, form)):
        return _lieu_page(found, form), 422
    flash(f"Le lieu « {form[NAME].data} » est enregistré.")
    return redirect(PAGE, 303)


@reserved_to(RESPONSABLE)
def retirer_lieu(lieu_id: UUID) -> str | AnyResponse:
    """Ask once more, then remove a lieu that nothing uses; say what uses the others."""
    if request.method != "POST":
        with database().reading() as session:
            found = _mine(session, lieu_id)
            kept = lieux_keeping.why_kept(session, lieu_id)
        return render_template("organisations/lieu_retirer.html", lieu=found, kept=kept)
    with database().writing() as session:
        found = _mine(session, lieu_id)
        try:
            lieux_keeping.remove_lieu(session, found)
        except OrganisationError as error:
            flash(str(error), "alerte")
        else:
            note_mine(session, "lieux", found.name)
            flash(f"Le lieu « {found.name} » est retiré.")
    return redirect(PAGE, 303)


@reserved_to(RESPONSABLE)
@receives(_BODY)
def importer_lieux() -> str | tuple[str, int] | AnyResponse:
    """Show what a file of lieux would do; then do it, when people agree."""
    form = LieuxFileForm()
    if request.method != "POST":
        return _import_page(form)
    agreed = request.form.get("lu", "")
    content = agreed.encode("utf-8", "replace") if agreed else _sent(form)
    try:
        reading = read_lieux(content, most=_BODY if agreed else LARGEST_FILE)
    except LieuxFileError as error:
        form.fichier.errors = [str(error)]
        return _import_page(form), 422
    if agreed:
        return _carry_out(reading)
    with database().reading() as session:
        plan = lieux_keeping.plan_import(session, current_organisation_id(), reading)
    return _import_page(form, reading, plan)


@reserved_to(RESPONSABLE)
def exporter_lieux_csv() -> Response:
    """Send the complete lieux as the CSV of the schéma."""
    return _file(as_csv(_all()), "text/csv; charset=utf-8", "lieux.csv")


@reserved_to(RESPONSABLE)
def exporter_lieux_json() -> Response:
    """Send the complete lieux as the JSON of the schéma."""
    return _file(as_json(_all()), "application/json", "lieux.json")


def _all() -> Sequence[Lieu]:
    with database().reading() as session:
        return queries.lieux(session, Reach(current_organisation_id()))


def _mine(session: Session, lieu_id: UUID) -> Lieu:
    found = session.get(Lieu, lieu_id)
    if found is None or found.organisation_id != current_organisation_id():
        abort(404)
    return found


def _list_page(form: NewLieuForm) -> str:
    rows = [(one, _lacking(one)) for one in _all()]
    complete = sum(not lacking for _, lacking in rows)
    return render_template("organisations/lieux.html", form=form, rows=rows, complete=complete)


def _lieu_page(found: Lieu, form: Any) -> str:
    first, rest = [form[name] for name in FIRST], [form[name] for name in REST]
    return render_template(
        "organisations/lieu.html",
        lieu=found,
        form=form,
        first=first,
        rest=rest,
        is_open=any(field.errors for field in rest),
        fields=FIELDS,
        lacking=_lacking(found),
        updated=found.details.get(UPDATED, ""),
    )


def _lacking(one: Lieu) -> list[Field]:
    """Return the required fields that somebody must still fill; the day writes itself."""
    return [field for field in missing(values_of(one)) if field.name != UPDATED]


def _as_typed(values: dict[str, str]) -> dict[str, Any]:
    """Return the values of a lieu as its form holds them: boxes to tick are a list."""
    return {
        name: value.split("|") if FIELDS[name].values else value for name, value in values.items()
    }


def _change(lieu_id: UUID, form: Any) -> bool:
    try:
        with database().writing() as session:
            found = _mine(session, lieu_id)
            lieux_keeping.change_lieu(session, found, form.values, today())
            note_mine(session, "lieux", found.name)
    except LieuError as error:
        form[error.column].errors = [str(error)]
        return False
    return True


def _sent(form: LieuxFileForm) -> bytes:
    return bytes(form.fichier.data.read()) if form.fichier.data else b""


def _import_page(
    form: LieuxFileForm, reading: Reading | None = None, plan: Plan | None = None
) -> str:
    # What was understood goes into the page and comes back: no file waits on the server.
    lines = [step.read.values for step in plan.steps] if plan else []
    return render_template(
        "organisations/lieux_importer.html",
        form=form,
        reading=reading,
        plan=plan,
        understood=json.dumps(lines, ensure_ascii=False) if lines else "",
        fields=FIELDS,
        most=MOST_SHOWN,
    )


def _carry_out(reading: Reading) -> AnyResponse:
    with database().writing() as session:
        mine = current_organisation_id()
        plan = lieux_keeping.plan_import(session, mine, reading)
        lieux_keeping.carry_out(session, mine, plan.steps, today())
        done = (
            f"{plural(len(plan.added), 'lieu ajouté', 'lieux ajoutés')}, "
            f"{plural(len(plan.changed), 'lieu mis à jour', 'lieux mis à jour')}."
        )
        note_mine(session, "lieux", done)
    flash(done)
    return redirect(PAGE, 303)


def _file(text: str, content_type: str, name: str) -> Response:
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type=content_type, headers=attached)
