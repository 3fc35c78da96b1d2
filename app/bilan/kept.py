"""The section as a seal keeps it: JSON, without the words of people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import TypeAdapter

from app.documents.section import Objectives, Part, Passage, Section, SectionQuote, Standing, Words

if TYPE_CHECKING:
    from app.bilan.models import Bilan

#: Nothing is said of how a section stands before it is read: the day decides of it.
NO_STANDING = Standing(is_sealed=True, words="")
#: The day that a quote without its words carries: it tells nothing of the testimony.
NO_DAY = date(2000, 1, 1)
#: Signs of the digest that a fingerprint shows, and by how many they go.
FINGERPRINT, GROUP = 12, 4


def section_to_json(section: Section) -> str:
    """Write a section as canonical JSON; raise when something of it cannot be read back."""
    adapter = _adapter()
    written = _canonical(adapter.dump_python(section, mode="json"))
    if adapter.validate_json(written) != section:
        raise ValueError("This section would not come back as it is.")
    return written


def section_from_json(written: str) -> Section:
    """Read a section back; raise ValueError when it is none."""
    return _adapter().validate_json(written)


def without_words(section: Section) -> Section:
    """Return what a seal may keep: quotes are named, what they say stays where it is erased.

    What helps to write goes too: hints, what was left out, what was proposed another day.
    """
    emptied = with_quotes(section, _emptied)
    body = tuple(_told(part) for part in emptied.body)
    return replace(
        emptied,
        body=body,
        headlines=tuple(replace(one, passage=_settled(one.passage)) for one in emptied.headlines),
        method=replace(emptied.method, limits=_settled(emptied.method.limits)),
        standing=NO_STANDING,
        left_out=(),
    )


def with_quotes(section: Section, change: Callable[[SectionQuote], SectionQuote]) -> Section:
    """Return a section where each quote is changed."""
    title = section.title_quote
    return replace(
        section,
        title_quote=change(title) if title else None,
        body=tuple(_with_quotes(part, change) for part in section.body),
    )


def digest_of(
    bilan: Bilan, last_month: str, content: str, figures: Iterable[Mapping[str, object]]
) -> str:
    """Return the SHA-256 of all that is sealed: the frame, the section, its figures."""
    frame = [
        bilan.id.hex, bilan.organisation_id.hex, bilan.first_month, last_month,
        *sorted(bilan.lieux), bilan.audience,
    ]  # fmt: skip
    sealed = _canonical([frame, sha256(content.encode()).hexdigest(), list(figures)])
    return sha256(sealed.encode()).hexdigest()


def fingerprint(digest: str) -> str:
    """Write a digest so that two people can compare it aloud: « 7C2F 91AB 04D6 »."""
    shown = digest[:FINGERPRINT].upper()
    return "\u00a0".join(shown[start : start + GROUP] for start in range(0, FINGERPRINT, GROUP))


def to_reread(section: Section) -> tuple[Passage, ...]:
    """Return the passages that say, or that somebody wrote when the figures said, other things."""
    return tuple(one for one in _passages(section) if one.outdated or one.unproven)


def rewritten(section: Section) -> tuple[Passage, ...]:
    """Return the sentences of figures that the team says in its own words."""
    return tuple(one for one in _passages(section) if one.is_rewritten)


def quote_ids(section: Section) -> list[UUID]:
    """Return the quotes that a section names, in the order of the page."""
    return [one.id for one in section.quotes]


#: Where a part holds one text.
_TEXTS = ("learnt", "passage")


def _passages(section: Section) -> Iterator[Passage]:
    """Yield the texts that stand on the page."""
    if "phrases" not in section.hidden_slots:
        yield from (one.passage for one in section.headlines)
    if "methode" not in section.hidden_slots:
        yield section.method.limits
    for part in section.body:
        yield from (one.passage for one in getattr(part, "findings", ()))
        yield from (one for one in (getattr(part, name, None) for name in _TEXTS) if one)


@cache
def _adapter() -> TypeAdapter[Section]:
    return TypeAdapter(Section)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _emptied(quote: SectionQuote) -> SectionQuote:
    return replace(quote, text="", signature="", told="", agreed="", until=NO_DAY)


def _with_quotes(part: Part, change: Callable[[SectionQuote], SectionQuote]) -> Part:
    if isinstance(part, Objectives):
        return part
    return replace(part, quotes=tuple(map(change, part.quotes)))


def _told(part: Part) -> Part:
    """Return a part with what is read in it, and nothing that only helps to write."""
    changed: dict[str, Any] = {}
    for name in (field.name for field in fields(part)):
        value = getattr(part, name)
        if name in _TEXTS:
            changed[name] = _settled(value)
        elif name == "findings":
            changed[name] = tuple(replace(one, passage=_settled(one.passage)) for one in value)
    if isinstance(part, Words):
        changed["hints"] = ()
    return replace(part, **changed)


def _settled(passage: Passage) -> Passage:
    return replace(passage, outdated="", unproven=(), is_kept=False)
