"""« Ce qui coince » : what comments repeat, what is difficult, results that did not go up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.bilan.material import is_compared, is_decline, not_established
from app.campaigns.models import Campaign, Link
from app.campaigns.periods import first_day, last_day
from app.campaigns.queries import partner_campaigns, within
from app.documents.section import Passage, Words
from app.responses.models import Response, ResponseText
from app.responses.readable import is_readable
from app.responses.recurring import Recurring, recurring_words
from app.responses.texts import decrypt
from app.scoring.sentences import spaced
from app.web.typography import listing, number, plural, typographic
from app.wording.said import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.material import Material
    from app.wording.told import Told
    from config import Keys

TITLE = "Ce qui coince"
#: Questions that ask what is difficult.
ASKED = ("frein", "frein_jour")
#: Fewest comments that hold a word before it is said, and most comments that are read.
FEWEST, MOST_READ = 5, 300
#: Words said in the text; the next ones are for who writes.
SAID, HINTED = 2, 6
CHANCE = "le hasard suffirait à expliquer l’écart"


@dataclass(frozen=True, slots=True)
class Comments:
    """Be what the comments on what is difficult repeat."""

    read: int
    #: Words that enough comments hold, the most frequent first.
    words: tuple[Recurring, ...]


def stuck(material: Material, comments: Comments, aside: Sequence[Told]) -> Words | None:
    """Return the part; `aside` are the figures that no other part tells. None when left out."""
    if material.is_out("coince", TITLE):
        return None
    said = [
        *_repeated(comments, leaves=bool(material.figures.last_month)),
        *_results(material.figures.of_public),
    ]
    return Words(
        "coince",
        TITLE,
        material.passage(Passage("coince", " ".join(said))),
        tuple(material.beside(one) for one in material.to_tell(aside)),
        material.chooser.stuck(),
        tuple(_hints(material, comments)),
    )


def read_comments(session: Session, keys: Keys, material: Material, today: date) -> Comments:
    """Read the latest comments of the public on what is difficult, over the period."""
    scope = material.scope
    period = scope.frame.period
    last = material.figures.last_month or period.last
    query = (
        select(ResponseText.response_id, ResponseText.item, ResponseText.ciphertext)
        .join_from(Response, ResponseText, ResponseText.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(
            Response.organisation_id == scope.reach.organisation_id,
            within(scope.reach),
            scope.selection.campaigns_asked,
            Campaign.id.not_in(partner_campaigns(session, scope.reach)),
            Response.day.between(first_day(period.first), last_day(last)),
            Response.commented,
            ResponseText.item.in_(ASKED),
            is_readable(session, scope.reach.organisation_id, today),
        )
        .order_by(Response.day.desc(), Response.id, ResponseText.item)
        .limit(MOST_READ)
    )
    if not scope.scopes:
        return Comments(0, ())
    texts = [decrypt(keys, *row[:2], row[2]) for row in session.execute(query)]
    words = [one for one in recurring_words(texts) if one.comments >= FEWEST]
    return Comments(len(texts), tuple(words))


def _results(told: Sequence[Told]) -> Iterator[str]:
    """Name the results that surely went down, then those of which nothing is sure."""
    compared = [one for one in told if one.figure.visibility.means and is_compared(one)]
    lower = _names(one for one in compared if is_decline(one))
    better = _names(one for one in compared if not not_established(one))
    unsure = [name for name in _names(compared) if name not in (*lower, *better)]
    if lower:
        yield spaced(f"Un recul est établi pour {listing(lower)}.")
    if unsure:
        yield spaced(f"Pour {listing(unsure)}, on ne peut rien conclure : {CHANCE}.")


def _names(found: Iterable[Told]) -> list[str]:
    return list(dict.fromkeys(typographic(about(one.figure.measure)) for one in found))


def _repeated(comments: Comments, *, leaves: bool) -> Iterator[str]:
    """Say which words come back; their numbers change with each comment: they do not leave."""
    said = comments.words[:SAID]
    if not said:
        return
    if leaves:
        words = listing([f"« {one.word} »" for one in said])
        noun, verb = ("mots", "reviennent") if len(said) > 1 else ("mot", "revient")
        article = "Les" if len(said) > 1 else "Le"
        yield spaced(f"{article} {noun} {words} {verb} dans les commentaires.")
        return
    base = f"sur {number(comments.read)}"
    if comments.read == MOST_READ:
        base = f"parmi les {number(MOST_READ)} derniers"
    first, *others = said
    times = plural(first.comments, "commentaire")
    words = f"Le mot « {first.word} » revient dans {times} {base}"
    words += "".join(f", « {one.word} » dans {number(one.comments)}" for one in others)
    yield spaced(f"{words}.")


def _hints(material: Material, comments: Comments) -> Iterator[str]:
    if others := comments.words[SAID : SAID + HINTED]:
        words = listing([f"« {one.word} » ({one.comments})" for one in others])
        yield spaced(f"Reviennent aussi : {words}.")
    if not comments.words and comments.read:
        yield spaced(
            f"{plural(comments.read, 'commentaire')} à lire dans Réponses : aucun mot n’y revient "
            "assez souvent pour être cité ici."
        )
    if any(material.is_unfavourable(one) for one in material.figures.of_public):
        yield "Des résultats ne montrent pas de progrès. Dites pourquoi, si vous le savez."
    yield "Attente, horaires, place, matériel, trajet : écrivez ce qui a gêné les personnes."
