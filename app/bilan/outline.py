"""The list of parts beside a bilan: what is written, what asks a look, what is still to write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from app.documents.section import Block, Objectives, Part, Passage, Section, Testimonies, Words
from app.web.typography import listing
from app.wording.said import NOT_ESTABLISHED

if TYPE_CHECKING:
    from app.documents.section import SectionQuote

State: TypeAlias = Literal["fait", "voir", "ecrire", "cache"]
#: What stands for each state: an icon, and the words that say it.
SIGNS: dict[State, tuple[str, str]] = {
    "fait": ("ok", "prêt"),
    "voir": ("alerte", "à regarder"),
    "ecrire": ("crayon", "à écrire"),
    "cache": ("cadenas", "petits nombres"),
}


class Item(NamedTuple):
    """Be one line of the list."""

    slot: str
    title: str
    state: State
    #: What asks a look; empty when nothing does.
    why: str = ""


def outline(section: Section) -> list[Item]:
    """Return the parts in the order of the page, each with its state."""
    hidden = section.hidden_slots
    items = []
    if not {"titre", "phrases"} <= set(hidden):
        items.append(_opening(section))
    if "methode" not in hidden:
        items.append(_item("methode", "Méthode", [section.method.limits]))
    items += [_part(one) for one in section.body]
    if section.unshown and "petits" not in hidden:
        items.append(Item("petits", "Petits nombres", "cache"))
    if "annexe" not in hidden:
        items.append(Item("annexe", "Annexe", "fait"))
    return items


def to_write(section: Section) -> str:
    """Say how many texts wait for somebody; empty when none does."""
    waiting = sum(one.state == "ecrire" for one in outline(section))
    if not waiting:
        return ""
    return f"Il reste {waiting} textes à écrire." if waiting > 1 else "Il reste 1 texte à écrire."


def optional(section: Section) -> int:
    """Count the texts that nobody has to write, and that nobody wrote."""
    blocks = (one for one in section.body if isinstance(one, Block))
    return sum(not one.learnt.text.strip() for one in blocks)


def goes_empty(section: Section) -> bool:
    """Tell whether what the team will do is still to write: its chapter goes if it stays so."""
    return any(
        isinstance(one, Words) and one.slot == "suite" and not one.passage.text.strip()
        for one in section.body
    )


def doubt_of(passage: Passage) -> str:
    """Name the numbers of a text that the figures do not say, beside those they say."""
    if not passage.unproven:
        return ""
    says = passage.lead if any(map(str.isdigit, passage.lead)) else "autre chose"
    told = f"{says[:1].lower()}{says[1:]}"
    return f"Ce texte dit {listing(passage.unproven)} ; le calcul donne {told}."


def passages(section: Section) -> Iterator[tuple[Passage, str]]:
    """Yield every text of the page that may be rewritten, with the name of what it is in."""
    for headline in section.headlines:
        yield headline.passage, "Les phrases du début"
    yield section.method.limits, "La méthode\u00a0: à lire avec prudence"
    for part in section.body:
        for finding in getattr(part, "findings", ()):
            yield finding.passage, part.title
        if isinstance(part, Block):
            yield part.learnt, f"{part.title}\u00a0: ce que nous avons appris"
        elif not isinstance(part, Objectives):
            yield part.passage, part.title


def passage_of(section: Section, slot: str) -> tuple[Passage, str] | None:
    """Return the text of a slot and what it is in, when it is on the page."""
    return next((one for one in passages(section) if one[0].slot == slot), None)


def quotes_in(section: Section, slot: str) -> tuple[SectionQuote, ...]:
    """Return the quotes that stand in a part today."""
    if slot == "titre":
        return (section.title_quote,) if section.title_quote else ()
    part = part_of(section, slot)
    return getattr(part, "quotes", ())


def part_of(section: Section, slot: str) -> Part | None:
    """Return a part of the body by its slot."""
    return next((one for one in section.body if one.slot == slot), None)


def _opening(section: Section) -> Item:
    title = "Titre et phrases"
    if section.title_quote and section.title_quote.is_gone:
        return Item("titre", title, "voir", "La citation du titre a été retirée.")
    return _item("titre", title, [one.passage for one in section.headlines])


def _part(part: Part) -> Item:
    if isinstance(part, Objectives):
        return Item(part.slot, part.title, "fait" if part.confronted else "ecrire")
    findings = getattr(part, "findings", ())
    if any(one.is_gone for one in part.quotes):
        return Item(part.slot, part.title, "voir", "Une citation a été retirée.")
    told = [one.passage for one in findings]
    item = _item(part.slot, part.title, [*told, _own(part)])
    if item.state == "fait" and any(one.text.startswith(NOT_ESTABLISHED) for one in told[:1]):
        return Item(
            part.slot,
            part.title,
            "voir",
            "L’évolution n’est pas établie\u00a0: n’écrivez pas que ça monte.",
        )
    if isinstance(part, Words) and item.state == "fait" and _waits(part):
        return item._replace(state="ecrire")
    return item


def _waits(part: Words) -> bool:
    """Tell whether a text waits for somebody: what gets stuck is told by people, not by figures."""
    if part.slot == "coince":
        return part.passage.written is None
    return not part.passage.text.strip() and not part.findings


def _own(part: Block | Words | Testimonies) -> Passage:
    return part.learnt if isinstance(part, Block) else part.passage


def _item(slot: str, title: str, texts: list[Passage]) -> Item:
    if any(one.outdated for one in texts):
        return Item(slot, title, "voir", "Un chiffre a changé depuis votre texte.")
    if any(one.unproven and not one.is_kept for one in texts):
        return Item(slot, title, "voir", "Un nombre de votre texte n’est pas celui du calcul.")
    return Item(slot, title, "fait")
