"""« À faire, dans l’ordre »: what a structure has to do next, from what is true today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TypeAlias, cast
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign, Link
from app.campaigns.names import desk_title
from app.campaigns.periods import closing_day, first_day
from app.campaigns.queries import partner_campaigns, published
from app.indicators.freezing import freezable
from app.organisations.people import team_of
from app.organisations.queries import Member, Reach, notice_is_confirmed
from app.organisations.roles import RESPONSABLE
from app.partners import queries as partners
from app.responses.models import Response
from app.testimonies.counting import campaigns_told
from app.testimonies.publications import count_to_take_down
from app.testimonies.queries import count_to_reread
from app.web.typography import long_date, months, plural, typographic

#: Steps shown: more would be a reproach.
MOST = 5
#: A campaign without an answer for so long is one whose poster nobody sees.
QUIET = timedelta(days=7)
#: So long before the end of a campaign, what follows is prepared.
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Step:
    """Be one thing to do: what, why, and where it is done."""

    what: str
    why: str
    address: str


#: What the rooms above have to ask: declared here, wired by `create_app`.
StepsAbove: TypeAlias = Callable[[Session, Member, Reach, date], Iterable[Step]]


def steps_above() -> StepsAbove:
    """Return what the rooms above ask, as `create_app` was told."""
    return cast("StepsAbove", current_app.extensions["next_steps"])


def nothing_above(*_: object) -> Iterable[Step]:
    """Ask for nothing: what stands alone has no room above."""
    return ()


def next_steps(
    session: Session,
    member: Member,
    reach: Reach,
    running: Sequence[Campaign],
    today: date,
    above: StepsAbove = nothing_above,
) -> Iterator[Step]:
    """Yield what to do next, the most useful first."""
    yield from islice(_steps(session, member, reach, running, today, above), MOST)


def _steps(
    session: Session,
    member: Member,
    reach: Reach,
    running: Sequence[Campaign],
    today: date,
    above: StepsAbove,
) -> Iterator[Step]:
    is_responsable = member.role == RESPONSABLE
    yield from _taken_back(session, member, reach, today)
    if is_responsable and not notice_is_confirmed(session, reach.organisation_id):
        yield Step(
            "Relire la notice",
            "Elle dit aux personnes qui lit et combien de temps. Tout est rempli.",
            "/espace/reglages/notice",
        )
    if not running:
        yield Step(
            "Ouvrir une campagne",
            "Aucune n’est ouverte\u00a0: personne ne peut répondre.",
            "/espace/campagnes/nouvelle",
        )
    yield from _to_reread(session, reach, today)
    yield from above(session, member, reach, today)
    yield from _partners(session, reach, running, today)
    yield from _quiet(session, reach, running, today)
    yield from _ending(session, running, today)
    if is_responsable:
        yield from _freezing(session, reach, today)
        yield from _waited_for(session, reach)


def _taken_back(session: Session, member: Member, reach: Reach, today: date) -> Iterator[Step]:
    """Yield what is still shown of somebody who no longer agrees: nothing is more pressing."""
    if waiting := count_to_take_down(session, reach, member, today):
        what = "Retirer une citation" if waiting == 1 else "Retirer des citations"
        where = plural(waiting, "endroit où l’accord a pris fin", "endroits où l’accord a pris fin")
        yield Step(what, f"{where}.", "/espace/temoignages/publications")


def _to_reread(session: Session, reach: Reach, today: date) -> Iterator[Step]:
    if waiting := count_to_reread(session, reach, today):
        yield Step(
            f"Relire {plural(waiting, 'témoignage')}",
            "Rien n’est montré avant votre relecture.",
            "/espace/temoignages",
        )


def _quiet(
    session: Session, reach: Reach, running: Sequence[Campaign], today: date
) -> Iterator[Step]:
    """Yield the campaigns that nobody answers: either just opened, or forgotten on a wall."""
    since = today - QUIET
    busy = set(
        session.scalars(
            select(Link.campaign_id)
            .join(Response, Response.link_id == Link.id)
            .where(Response.organisation_id == reach.organisation_id, Response.day > since)
            .distinct()
        )
    )
    busy |= campaigns_told(session, reach, since + timedelta(days=1))
    answered = campaigns_told(session, reach, date.min) | set(
        _answered(session, [one.id for one in running if one.id not in busy])
    )
    theirs = partner_campaigns(session, reach)
    alike: dict[str, list[tuple[Campaign, str]]] = {}
    for campaign in running:
        if campaign.id in busy or campaign.id in theirs:
            continue
        again = campaign.id in answered
        why = "aucune réponse depuis 7 jours" if again else "pas encore de réponse"
        what = "Remettre l’affiche en vue" if again else "Imprimer l’affiche"
        alike.setdefault(what, []).append((campaign, why))
    for what, found in alike.items():
        campaign, why = found[0]
        about, address = _about(session, campaign, why), f"/espace/campagnes/{campaign.id}"
        if len(found) > 1:
            others = plural(len(found) - 1, "autre campagne", "autres campagnes")
            about, address = f"{about} De même pour {others}.", "/espace/campagnes"
        yield Step(what, about, address)


def _partners(
    session: Session, reach: Reach, running: Sequence[Campaign], today: date
) -> Iterator[Step]:
    """Yield the campaigns whose partners wait for a letter, or for a reminder since a week."""
    waiting = dict(partners.to_remind(session, reach, today))
    asked, theirs = partners.asked_campaigns(session, reach), partner_campaigns(session, reach)
    for campaign in running:
        address = f"/espace/partenaires?campagne={campaign.id}"
        if count := waiting.get(campaign.id):
            silent = plural(count, "partenaire n’a pas", "partenaires n’ont pas")
            why = f"{silent} répondu depuis 7 jours"
            yield Step(
                "Relancer les partenaires",
                _about(session, campaign, why),
                f"{address}&etat=attend",
            )
        elif campaign.id in theirs and campaign.id not in asked:
            why = "personne n’est encore sollicité"
            yield Step("Écrire aux partenaires", _about(session, campaign, why), address)


def _answered(session: Session, campaigns: Sequence[UUID]) -> Iterator[UUID]:
    """Yield the campaigns that received an answer once, whenever it was."""
    for campaign_id in campaigns:
        one = (
            select(Response.id)
            .join(Link, Response.link_id == Link.id)
            .where(Link.campaign_id == campaign_id)
            .limit(1)
        )
        if session.scalar(one) is not None:
            yield campaign_id


def _ending(session: Session, running: Sequence[Campaign], today: date) -> Iterator[Step]:
    for campaign in running:
        closing = closing_day(campaign)
        if closing <= today + SOON:
            yield Step(
                "Prévoir la suite",
                _about(session, campaign, f"fermeture le {long_date(closing)} au soir"),
                f"/espace/campagnes/{campaign.id}",
            )


def _freezing(session: Session, reach: Reach, today: date) -> Iterator[Step]:
    waiting = freezable(session, reach.organisation_id, today)
    if waiting:
        first, last = first_day(waiting[0]), first_day(waiting[-1])
        over = "ce mois est terminé" if len(waiting) == 1 else "ces mois sont terminés"
        yield Step(
            "Arrêter les chiffres",
            f"{months(first, last).capitalize()}\u00a0: {over}. "
            "Arrêtés, les chiffres ne bougent plus.",
            "/espace/indicateurs/arreter",
        )


def _waited_for(session: Session, reach: Reach) -> Iterator[Step]:
    for colleague in team_of(session, reach.organisation_id):
        if colleague.access in ("invited", "expired"):
            why = (
                "Son invitation attend\u00a0: redonnez-lui le lien."
                if colleague.access == "invited"
                else "Son invitation a expiré\u00a0: faites-en une autre."
            )
            yield Step(f"Accueillir {colleague.name}", why, "/espace/reglages/equipe")


def _about(session: Session, campaign: Campaign, why: str) -> str:
    """Write why, after the name of the campaign; the name of a lieu stays as it was typed."""
    title = typographic(f"« {desk_title(published(session, campaign.version))} »")
    return f"{title}, {campaign.lieu.name}\u00a0: {why}."
