"""The desk pages around a bilan: the list, the frame, a copy, the end of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from app.bilan.audiences import AUDIENCES
from app.bilan.drafting import (
    ChangedError,
    DraftError,
    SealedError,
    change_frame,
    copy_bilan,
    create_bilan,
    delete_bilan,
)
from app.bilan.forms import HELP, FrameForm
from app.bilan.frames import Frame, fixed_choices, usual_year
from app.bilan.looking import held, mine, named, note_writing
from app.bilan.queries import bilans_of, seal_of, seals_of
from app.campaigns.models import Campaign
from app.campaigns.periods import offered_months
from app.campaigns.queries import within
from app.indicators.fixed import FixedPeriod
from app.indicators.period import Period
from app.organisations.guard import reserved_to
from app.organisations.queries import lieux
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.web.current import database, keys, today

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.bilan.models import Bilan, BilanSeal

#: Years that may be chosen, this one included.
YEARS = 3


class Listed(NamedTuple):
    """Be one line of the list."""

    bilan: Bilan
    frame: Frame
    places: str
    readers: str
    seal: BilanSeal | None


def routes(parent: Blueprint) -> None:
    """Add the list, the frame, and what is done to a whole bilan."""
    both, one = ["GET", "POST"], "/bilan/<uuid:bilan_id>"
    parent.add_url_rule("/bilan", view_func=bilans)
    parent.add_url_rule("/bilan/nouveau", view_func=nouveau_bilan, methods=both)
    parent.add_url_rule(f"{one}/cadre", view_func=cadre, methods=both)
    parent.add_url_rule(f"{one}/copier", view_func=copier_bilan, methods=["POST"])
    parent.add_url_rule(f"{one}/supprimer", view_func=supprimer_bilan, methods=both)


@reserved_to(*TEAM)
def bilans() -> str:
    """Show the bilans of the structure, and how to begin the one of the year."""
    reach = current_reach()
    with database().reading() as session:
        found = bilans_of(session, reach)
        seals = seals_of(session, [one.id for one in found])
        listed = [_listed(session, one, seals) for one in found]
        usual = _usual(session)
        has_lieux = bool(lieux(session, reach))
    begun = next((one for one in listed if one.frame.period == usual.period), None)
    return render_template(
        "bilan/bilans.html",
        listed=listed,
        usual=usual,
        begun=begun,
        has_lieux=has_lieux,
        AUDIENCES=AUDIENCES,
    )


@reserved_to(*TEAM)
def nouveau_bilan() -> str | tuple[str, int] | Response:
    """Begin a bilan: its frame is filled, one touch is enough."""
    with database().reading() as session:
        form = _form(session, _usual(session))
    if request.method != "POST":
        return _frame_page(form)
    if "tel_quel" in request.form:  # the big button of the list: everything as it is proposed
        with database().reading() as session:
            frame = _usual(session)
    elif form.validate():
        frame = form.frame(current_reach().lieux is None)
    else:
        return _frame_page(form), 422
    try:
        with database().writing() as session:
            reach, member = current_reach(), current_member()
            made = create_bilan(session, reach, frame, member.id, today())
            note_writing(session, made)
            bilan_id = made.id
    except DraftError as error:
        return _refused(form, error)
    flash("Le bilan est commencé. Tout ce qui peut l’être est déjà écrit\u00a0: relisez.")
    return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)


@reserved_to(*TEAM)
def cadre(bilan_id: UUID) -> str | tuple[str, int] | Response:
    """Change the months, the lieux, the actions or the readers; what was written stays."""
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        form = _form(session, Frame.of(bilan), bilan.revision)
        words = named(session, bilan)
        is_sealed = seal_of(session, bilan_id) is not None
    if is_sealed:
        flash(str(SealedError()), "alerte")
        return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)
    if request.method != "POST":
        return _frame_page(form, **words)
    if not form.validate():
        return _frame_page(form, **words), 422
    revision, frame = form.revision.data, form.frame(current_reach().lieux is None)
    try:
        with database().writing() as session:
            bilan, reach = held(session, bilan_id), current_reach()
            change_frame(session, reach, bilan, frame, revision=_number(revision))
            note_writing(session, bilan)
    except ChangedError as error:
        with database().reading() as session:
            form.revision.data = mine(session, bilan_id).revision
        form.form_errors = [f"{error} Vos choix sont gardés ici\u00a0: enregistrez de nouveau."]
        return _frame_page(form, **words), 409
    except DraftError as error:
        return _refused(form, error, **words)
    flash("Le cadre est enregistré. Vos textes sont gardés\u00a0: relisez les chiffres.")
    return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)


@reserved_to(*TEAM)
def copier_bilan(bilan_id: UUID) -> Response:
    """Make a copy that may be changed, of a bilan that is « arrêté » or not."""
    with database().writing() as session:
        bilan, member = mine(session, bilan_id), current_member()
        copy = copy_bilan(session, keys(), bilan, member.id, today())
        note_writing(session, copy)
        copy_id = copy.id
    flash("Voici la copie\u00a0: vous pouvez la changer. L’original reste tel qu’il est.")
    return redirect(url_for("espace.composer", bilan_id=copy_id), 303)


@reserved_to(*TEAM)
def supprimer_bilan(bilan_id: UUID) -> str | Response:
    """Ask once more, then delete a draft; answers and testimonies stay."""
    if request.method != "POST":
        with database().reading() as session:
            words = named(session, mine(session, bilan_id))
            is_sealed = seal_of(session, bilan_id) is not None
        return render_template("bilan/supprimer.html", **words, is_sealed=is_sealed)
    try:
        with database().writing() as session:
            bilan = held(session, bilan_id)
            note_writing(session, bilan)
            delete_bilan(session, bilan)
    except SealedError:
        flash("Ce bilan est arrêté\u00a0: il reste ici, tel qu’il est parti.", "alerte")
        return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)
    flash("Le brouillon est supprimé. Les réponses et les témoignages restent.")
    return redirect(url_for("espace.bilans"), 303)


def _listed(session: Session, bilan: Bilan, seals: Any) -> Listed:
    words = named(session, bilan)
    return Listed(bilan, words["frame"], words["places"], words["readers"], seals.get(bilan.id))


def _usual(session: Session) -> Frame:
    """Return what most people begin: the year, all the lieux within reach, a financeur."""
    year, reach = FixedPeriod(usual_year(today())), current_reach()
    places = () if reach.lieux is None else tuple(one.id for one in lieux(session, reach))
    return Frame(Period(year.first, year.last), places)


def _form(session: Session, frame: Frame, revision: int = 0) -> FrameForm:
    """Return the form of a frame, filled; a lieu that is not within reach is unknown."""
    reach, day = current_reach(), today()
    places, periods = lieux(session, reach), fixed_choices(day, YEARS)
    asked = set(request.form.getlist("lieux"))
    if asked - {str(one.id) for one in places}:
        abort(404)
    actions = session.scalars(select(Campaign.action).where(within(reach)).distinct()).all()
    shown = FrameForm.shown(frame, periods, places)
    form = FrameForm(data={**shown, "revision": revision})
    first = min(day.replace(year=day.year - YEARS + 1, month=1, day=1), frame.period.first_day)
    months = offered_months(first, max(day, frame.period.last_month))[::-1]
    offered = sorted({one for one in (*actions, *frame.actions) if one}, key=str.casefold)
    form.offer(periods, months, places, offered)
    return form


def _frame_page(form: FrameForm, **words: Any) -> str:
    problem = form.form_errors[0] if form.form_errors else ""
    return render_template("bilan/cadre.html", form=form, problem=problem, HELP=HELP, **words)


def _refused(form: FrameForm, error: DraftError, **words: Any) -> tuple[str, int]:
    form.form_errors = [str(error)]
    return _frame_page(form, **words), 422


def _number(typed: str | None) -> int:
    return int(typed[:9]) if typed and typed.isascii() and typed.isdecimal() else 0
