"""The whole section, from figures, words that people lent, and what the team wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from app.bilan.audiences import AUDIENCES, Audience
from app.bilan.by_criterion import gathered
from app.bilan.figures import live
from app.bilan.material import Material, is_compared
from app.bilan.method_box import method_box
from app.bilan.objectives import confront
from app.bilan.opening import SATISFACTION, headlines, title_quote
from app.bilan.partners_said import partners_part
from app.bilan.queries import objectives_of, texts_of
from app.bilan.quoting import chooser
from app.bilan.scope import scope_of
from app.bilan.stuck import read_comments, stuck
from app.campaigns.names import desk_title
from app.documents.section import (
    Annex,
    Block,
    Objectives,
    Part,
    Passage,
    Section,
    Standing,
    Testimonies,
    Words,
)
from app.organisations.queries import organisation
from app.scoring import SCORING_VERSION
from app.scoring.sentences import spaced
from app.web.typography import listing, long_date, typographic
from app.wording.annex import annex_of
from app.wording.choosing import ranked
from app.wording.tracing import title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.by_criterion import Gathered
    from app.bilan.figures import Figures
    from app.bilan.models import Bilan
    from app.organisations.queries import Reach
    from app.wording.told import Told
    from config import Keys

#: Critères that carry a drawing: two pages hold no more.
MOST_DRAWN = 4
#: Results that no block tells, told whole in « Ce qui coince ».
MOST_ASIDE = 2
#: What is hidden as a whole, and how the list of what was left out names it.
WHOLE = ("titre", "phrases", "methode", "petits", "annexe")
NOBODY = (
    "Personne n’a encore répondu sur cette période. Ouvrez une campagne, ou choisissez une autre "
    "période : la section se remplira d’elle-même."
)
TOO_FEW = (
    "Trop peu de personnes ont répondu pour montrer un chiffre : on pourrait reconnaître "
    "quelqu’un. Choisissez une période plus longue, ou proposez encore le questionnaire."
)


def compose(session: Session, keys: Keys, reach: Reach, bilan: Bilan, today: date) -> Section:
    """Return the section as the answers of today make it: for the structure’s own reading."""
    figures = live(session, reach, bilan, today)
    return compose_from(session, keys, reach, bilan, figures, provisional(today), today)


def provisional(today: date) -> Standing:
    """Say that a section may not leave."""
    words = f"Provisoire, ne pas diffuser : chiffres du {long_date(today)}"
    return Standing(is_sealed=False, words=typographic(words))


def compose_from(
    session: Session,
    keys: Keys,
    reach: Reach,
    bilan: Bilan,
    figures: Figures,
    standing: Standing,
    today: date,
) -> Section:
    """Return the section that some figures make."""
    scope = scope_of(session, reach, bilan)
    use = AUDIENCES[cast("Audience", bilan.audience)].use
    material = Material(
        bilan,
        scope,
        figures,
        texts_of(session, keys, bilan.id),
        chooser(session, keys, scope, use, bilan.quotes, today),
    )
    criteria = gathered(figures)
    title = title_quote(material)
    opened = headlines(material, criteria)
    method = method_box(material, today)
    body = _in_order(material, _body(session, keys, material, criteria, today))
    return Section(
        structure=organisation(session, reach.organisation_id).name,
        place=listing([*scope.lieux, *scope.frame.actions]),
        running_title=running_title(material),
        heading=typographic("5. Bilan qualitatif : ce qui a changé pour les personnes"),
        title_quote=title,
        headlines=opened,
        method=method,
        body=body,
        unshown=_unshown(material),
        annex=_annex(material),
        standing=standing,
        hidden_slots=tuple(slot for slot in WHOLE if slot in bilan.left_out),
        left_out=tuple(material.left_out),
        empty=empty(figures),
    )


def running_title(material: Material) -> str:
    """Write what stands at the head of each page: « Bilan d’activité 2026 »."""
    said = material.scope.frame.title
    return f"Bilan d’activité {said}" if said.isdigit() else f"Bilan d’activité, {said}"


def empty(figures: Figures) -> str:
    """Say what to do where no figure may be shown; nothing where one may."""
    if figures.shown:
        return ""
    return typographic(TOO_FEW if figures.told or figures.responses else NOBODY)


def _body(
    session: Session,
    keys: Keys,
    material: Material,
    criteria: Sequence[Gathered],
    today: date,
) -> Iterator[Part]:
    """Yield the parts in the usual order."""
    blocks = list(_blocks(material, criteria))
    yield from blocks
    comments = read_comments(session, keys, material, today)
    partners = partners_part(session, material, today)
    if found := stuck(material, comments, _aside(material, criteria)):
        yield found
    if partners:
        yield partners
    if found_objectives := _objectives(session, material):
        yield found_objectives
    title = "Ce que nous allons faire"
    if not material.is_out("suite", title):
        hint = spaced("Reprenez « Ce qui coince » : une action par ligne, avec sa date.")
        passage = material.passage(Passage("suite", ""))
        yield Words("suite", title, passage, hints=(hint,), is_list=True)
    if apart := _apart(material):
        yield apart


def _blocks(material: Material, criteria: Sequence[Gathered]) -> Iterator[Block]:
    """Yield a part a critère; those at the heart and satisfaction carry drawings first."""
    first = sorted(
        criteria, key=lambda one: (not one.criterion.core, one.criterion.id != SATISFACTION)
    )
    drawn = {one.criterion.id for one in first[:MOST_DRAWN]}
    for criterion, told in criteria:
        slot, title = f"bloc:{criterion.id}", typographic(criterion.title.fr)
        if material.is_out(slot, title):
            continue
        is_apart = material.bilan.testimonies_apart
        quotes = (
            material.chooser.nothing_proposed(slot)
            if is_apart
            else material.chooser.of_criterion(slot, criterion.id)
        )
        findings = material.findings(told, is_drawn=criterion.id in drawn)
        learnt = material.passage(Passage(f"appris:{criterion.id}", ""))
        if findings or quotes or learnt.text:
            yield Block(slot, title, findings, quotes, learnt)


def _aside(material: Material, criteria: Sequence[Gathered]) -> list[Told]:
    """Return results that no block tells, and that the proposed text does not name either."""
    is_named = "coince" not in material.texts
    return [
        one
        for gathered_here in criteria
        for one in ranked(gathered_here.told)
        if material.is_unfavourable(one)
        and not material.is_told(one)
        and not (is_named and is_compared(one) and one.figure.visibility.means)
    ][:MOST_ASIDE]


def _objectives(session: Session, material: Material) -> Objectives | None:
    written = objectives_of(session, material.bilan.id)
    title = "Les objectifs de la mission"
    if not written or material.is_out("objectifs", title):
        return None
    confronted = confront(written, material.figures.told)
    material.supporting |= {one.trace.measure for one in confronted if one.trace}
    return Objectives("objectifs", title, confronted)


def _apart(material: Material) -> Testimonies | None:
    if not material.bilan.testimonies_apart:
        return None
    title = "6. Témoignages"
    if material.is_out("temoignages", title):
        return None
    quotes = material.chooser.apart()
    proposed = (
        "Ces mots sont montrés avec l’accord de leurs auteurs, signés comme ils l’ont choisi. Une "
        "coupe est marquée […]."
    )
    passage = material.passage(Passage("temoignages", proposed if quotes else ""))
    return Testimonies("temoignages", title, passage, quotes)


def _in_order(material: Material, parts: Iterator[Part]) -> tuple[Part, ...]:
    """Put the parts in the order somebody gave them; the others follow as usual."""
    given = {slot: rank for rank, slot in enumerate(material.bilan.parts_order)}
    return tuple(sorted(parts, key=lambda part: given.get(part.slot, len(given))))


def _unshown(material: Material) -> tuple[tuple[str, str], ...]:
    """Return the figures that may not be shown, each with its reason."""
    if material.is_out("petits", "Les petits nombres"):
        return ()
    hidden = (one for one in material.figures.told if one.reason)
    return tuple(dict.fromkeys((title_of(one.measured), spaced(one.reason)) for one in hidden))


def _annex(material: Material) -> Annex:
    if material.is_out("annexe", "L’annexe"):
        return Annex((), (), (), ())
    references = tuple(_references(material))
    return annex_of(material.figures.told, references, material.supporting)


def _references(material: Material) -> Iterator[str]:
    """Yield what the figures stand on: questionnaires by their versions, rules."""
    for asked in material.figures.asked:
        versions = listing([version[:8] for version in asked.versions])
        noun = "versions" if len(asked.versions) > 1 else "version"
        title = typographic(desk_title(asked.questionnaire))
        yield spaced(f"« {title} », {noun} {versions}.")
    yield spaced(f"Règles de calcul de Recueil : version {SCORING_VERSION}.")
