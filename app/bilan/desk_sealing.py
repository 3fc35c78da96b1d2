"""The page where a responsable seals a bilan, and where the team sees what became of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.bilan.drafting import ChangedError, DraftError
from app.bilan.foreseen import changes
from app.bilan.kept import to_reread
from app.bilan.looking import mine, named, section_foreseen, section_shown
from app.bilan.outline import doubt_of, goes_empty, passage_of, to_write
from app.bilan.queries import seal_of
from app.bilan.sealable import Sealable, month_names, sealable
from app.bilan.sealing import RewrittenError, SealingError, seal_briefly, verify
from app.campaigns.periods import first_day
from app.documents.printing import Links, page_of
from app.indicators.accompanied import said
from app.indicators.freezing import FreezingError, freeze
from app.organisations.guard import reserved_to
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member, current_reach
from app.responses.rollups import fold_if_needed
from app.web.current import database, keys, today
from app.web.typography import month

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.bilan.models import Bilan
    from app.documents.section import Passage, Section

NOT_SURE = "Cochez la case pour arrêter ce bilan : il ne changera plus."
MEANWHILE = (
    "Ce qui sera arrêté a changé depuis que cette page est ouverte : un texte, ou les mois qui "
    "comptent. Relisez, puis arrêtez le bilan."
)
NO_NEXT_STEP = (
    "« Ce que nous allons faire » est vide. Écrivez-le, ou cochez la case qui dit que ce bilan "
    "part sans."
)
NOT_READ = "Relisez ces textes, puis cochez la case qui le dit."


def routes(parent: Blueprint) -> None:
    """Add the page and its form."""
    address = "/bilan/<uuid:bilan_id>/arreter"
    parent.add_url_rule(address, view_func=arreter_bilan)
    parent.add_url_rule(address, view_func=arreter_ce_bilan, methods=["POST"])
    parent.add_url_rule(f"{address}/apercu", view_func=apercu_bilan)


@reserved_to(*TEAM)
def arreter_bilan(bilan_id: UUID) -> str:
    """Show what a seal would hold, or what became of the bilan since it was sealed."""
    return _page(bilan_id)


@reserved_to(*TEAM)
def apercu_bilan(bilan_id: UUID) -> str | Response:
    """Show the bilan as it would be sealed today: nothing of it leaves by this look."""
    fold_if_needed(database(), current_reach().organisation_id)
    back, foreseen = url_for("espace.arreter_bilan", bilan_id=bilan_id), section_foreseen(bilan_id)
    return page_of(foreseen.section, Links(back)) if foreseen else redirect(back, 303)


@reserved_to(RESPONSABLE)
def arreter_ce_bilan(bilan_id: UUID) -> Response | tuple[str, int]:
    """Freeze the months that wait, then seal the bilan, once the person says they know."""
    fold_if_needed(database(), current_reach().organisation_id)
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        ready, mark = sealable(session, bilan, today()), _mark(session, bilan)
        is_cut = not ready.problem and goes_empty(section_shown(session, bilan))
    if ready.problem:
        return _page(bilan_id, ready.problem), 422
    if not request.form.get("certain"):
        return _page(bilan_id, NOT_SURE), 422
    if request.form.get("vu") != mark:
        return _page(bilan_id, MEANWHILE), 409
    if is_cut and not request.form.get("sans_suite"):
        return _page(bilan_id, NO_NEXT_STEP), 422
    try:
        _freeze_months(ready)
        reread, member = bool(request.form.get("relu")), current_member()
        given = (current_reach(), bilan_id, member.id, today())
        seal_briefly(database(), keys(), *given, reread=reread)
    except RewrittenError as error:
        asked = "relire" in request.form
        return _page(bilan_id, NOT_READ if asked else str(error)), 422
    except (SealingError, ChangedError, FreezingError, DraftError) as error:
        return _page(bilan_id, str(error)), 422
    flash("C’est fait : ce bilan est arrêté. Vous pouvez le donner.")
    return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)


def _freeze_months(ready: Sealable) -> None:
    """Freeze what waits, one transaction a month: nobody who answers waits for all of them."""
    for name in ready.to_freeze:
        with database().writing() as session:
            organisation_id, member = current_reach().organisation_id, current_member()
            freeze(session, organisation_id, name, member.id, today())


def _page(bilan_id: UUID, problem: str = "") -> str:
    fold_if_needed(database(), current_reach().organisation_id)
    foreseen = section_foreseen(bilan_id)
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        is_sealed = seal_of(session, bilan_id) is not None
        ready = sealable(session, bilan, today())
        section = section_shown(session, bilan)
        proof = verify(session, keys(), bilan, today()) if is_sealed else None
        leaving = foreseen.section if foreseen else section
        rewritten = to_reread(leaving) if foreseen else ()
        return render_template(
            "bilan/arreter.html",
            **named(session, bilan),
            section=section,
            proof=proof,
            ready=ready,
            to_freeze=month_names(ready.to_freeze),
            last=month(first_day(ready.counted[-1])) if ready.counted else "",
            changed=changes(section, leaving),
            longer=said(foreseen.longer) if foreseen and foreseen.longer else "",
            accompanied_page=_accompanied_page(bilan, ready),
            quotes=sum(1 for one in leaving.quotes if not one.is_gone),
            to_write=to_write(section),
            goes_empty=goes_empty(leaving),
            rewritten=[(one, _title(leaving, one)) for one in rewritten],
            doubt_of=doubt_of,
            problem=problem,
            mark=_mark(session, bilan),
            may_seal=current_member().role == RESPONSABLE,
        )


def _accompanied_page(bilan: Bilan, ready: Sealable) -> str:
    """Return where the people accompanied over the months that count are noted."""
    asked = {"de": bilan.first_month, "a": ready.counted[-1] if ready.counted else ""}
    if len(bilan.lieux) == 1:
        asked["lieu"] = bilan.lieux[0]
    return f"{url_for('espace.accompagnes')}?{urlencode(asked)}"


def _title(section: Section, passage: Passage) -> str:
    found = passage_of(section, passage.slot)
    return found[1] if found else "Un texte du bilan"


def _mark(session: Session, bilan: Bilan) -> str:
    """Return what tells that the bilan, and the months that count, are those that were shown."""
    counted = sealable(session, bilan, today()).counted
    return f"{bilan.revision}.{counted[-1] if counted else ''}"
