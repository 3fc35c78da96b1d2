"""Masking: what may be shown is what was said, where passages are replaced by a word in brackets.

Only the passages are kept, as places in the original: the masked text is built again from them at
each change, so that no word can be added to what a person said. On a text that nobody touched yet,
what the hints are sure of is proposed as masked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from app.hints.personal import OTHER, TAGS, Finding, findings, masked, tag_of
from app.testimonies.actions import MASKED, ORIGINAL, write_part
from app.testimonies.queries import parts_of
from app.testimonies.quotes import drop_stale
from app.testimonies.statuses import NEW, VALIDATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.testimonies.models import Testimony
    from config import Keys

#: The part that keeps the passages: places and kinds, encrypted like the words they hide.
MASKS = "masks"
#: Among the passages kept: one that somebody leaves readable, because it names nobody.
SPARED = "laissé"
#: What somebody may call a passage that nothing had found.
KINDS = ("nom", "adresse", "téléphone", "e-mail", "numéro de dossier", OTHER)
#: The longest that one passage may be typed.
LONGEST_PASSAGE = 200
_KIND_OF = {tag: kind for kind, tag in reversed(list(TAGS.items()))}
_TAG = re.compile("(" + "|".join(re.escape(tag) for tag in _KIND_OF) + ")")


class MaskingError(Exception):
    """Say in French why a passage cannot be masked, and what to do."""


@dataclass(frozen=True, slots=True)
class Masking:
    """Be a text, the passages masked in it, and those that wait for a decision."""

    original: str
    masks: tuple[Finding, ...]
    #: All that the hints found, masked or not.
    found: tuple[Finding, ...]
    #: Somebody masked or showed something; until then it is a proposal.
    is_kept: bool
    #: Those found that somebody leaves readable: the number of the lieu, for instance.
    spared: tuple[Finding, ...] = ()

    @property
    def text(self) -> str:
        """Return what may be shown."""
        return masked(self.original, self.masks)

    @property
    def digest(self) -> str:
        """Return what tells this masked text from any other: who confirms names what they read."""
        return digest_of(self.text)

    @property
    def waiting(self) -> tuple[Finding, ...]:
        """Return what was found, is not masked and was not left on purpose."""
        decided = (*self.masks, *self.spared)
        return tuple(one for one in self.found if not _is_under(one, decided))

    @property
    def sure(self) -> tuple[Finding, ...]:
        """Return what is surely personal, and is not masked."""
        return tuple(one for one in self.waiting if one.is_sure)


def digest_of(text: str) -> str:
    """Return what tells a masked text from any other."""
    return sha256(text.encode()).hexdigest()[:16]


def masking_of(parts: Mapping[str, str]) -> Masking:
    """Return the masking of a testimony from its decrypted parts."""
    original = parts.get(ORIGINAL, "")
    found = findings(original)
    if MASKED in parts:
        places = _read(parts[MASKS], original) if MASKS in parts else ()
        spared = tuple(one for one in places if one.kind == SPARED)
        hidden = tuple(one for one in places if one.kind != SPARED)
        for masks in (hidden, _compared(original, parts[MASKED])):
            if masked(original, masks) == parts[MASKED]:
                return Masking(original, masks, found, is_kept=True, spared=spared)
    return Masking(original, tuple(one for one in found if one.is_sure), found, is_kept=False)


def masked_more(masking: Masking, spans: Iterable[tuple[int, int]], kind: str) -> Masking:
    """Mask more passages; one that touches a masked one takes it in."""
    masks, spared = list(masking.masks), masking.spared
    for start, end in spans:
        if not 0 <= start < end <= len(masking.original):
            raise MaskingError("Ce passage n’est plus dans le texte : reprenez-le.")
        touched = [one for one in masks if one.start < end and start < one.end]
        masks = [one for one in masks if one not in touched]
        first = min([start, *(one.start for one in touched)])
        last = max([end, *(one.end for one in touched)])
        masks.append(Finding(first, last, kind if kind in TAGS else OTHER, False))
        spared = tuple(one for one in spared if one.end <= first or last <= one.start)
    return replace(masking, masks=tuple(sorted(masks)), is_kept=True, spared=spared)


def masked_words(masking: Masking, words: str, kind: str) -> Masking:
    """Mask words wherever the text says them, as they can be read in what may be shown."""
    spans = list(_places(masking, words))
    if not spans:
        raise MaskingError(
            "Ces mots ne sont pas dans le texte : copiez-les comme ils y sont écrits, ou "
            "touchez le bouton à côté du passage."
        )
    return masked_more(masking, spans, kind)


def shown_again(masking: Masking, start: int, end: int) -> Masking:
    """Show one masked passage again."""
    masks = tuple(one for one in masking.masks if (one.start, one.end) != (start, end))
    if len(masks) == len(masking.masks):
        raise MaskingError("Ce passage n’est plus masqué.")
    return replace(masking, masks=masks, is_kept=True)


def left_readable(masking: Masking, start: int, end: int) -> Masking:
    """Leave readable one passage that was found, because it names nobody."""
    left = [one for one in masking.waiting if (one.start, one.end) == (start, end)]
    if not left:
        raise MaskingError("Ce passage n’attend plus de choix.")
    spared = (*masking.spared, Finding(start, end, SPARED, False))
    return replace(masking, is_kept=True, spared=spared)


def write_masking(session: Session, keys: Keys, testimony: Testimony, after: Masking) -> int:
    """Keep a masking; return how many quotes went because it no longer says them.

    Words that become readable again were confirmed by nobody, the person included.
    """
    before = masking_of(_parts(session, keys, testimony.id))
    if before.original != after.original:
        raise MaskingError("Le texte a changé entre-temps : relisez-le.")
    if any(not _is_under(one, after.masks) for one in before.masks):
        testimony.reread_on = None
        if testimony.status == VALIDATED:
            testimony.status = NEW
    write_part(session, keys, testimony.id, MASKED, after.text)
    places = json.dumps([[one.start, one.end, one.kind] for one in (*after.masks, *after.spared)])
    write_part(session, keys, testimony.id, MASKS, places)
    session.flush()
    return drop_stale(session, keys, testimony.id)


def forget_masking(session: Session, keys: Keys, testimony: Testimony) -> int:
    """Begin the masking again, because the text was written again."""
    for part in (MASKED, MASKS):
        write_part(session, keys, testimony.id, part, "")
    testimony.reread_on = None
    session.flush()
    return drop_stale(session, keys, testimony.id)


def _parts(session: Session, keys: Keys, testimony_id: UUID) -> Mapping[str, str]:
    return parts_of(session, keys, [testimony_id])[testimony_id]


def _read(places: str, original: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(start, end, kind, False)
        for start, end, kind in json.loads(places)
        if 0 <= start < end <= len(original)
    )


def _compared(original: str, shown: str) -> tuple[Finding, ...]:
    """Return the passages that a masked text replaced, when their places are not known."""
    masks, here = [], 0
    pieces = _TAG.split(shown)
    for at in range(1, len(pieces), 2):
        follows = pieces[at + 1]
        start = here + len(pieces[at - 1])
        is_last = at == len(pieces) - 2
        end = len(original) - len(follows) if is_last else original.find(follows, start + 1)
        if not start < end:
            return ()
        masks.append(Finding(start, end, _KIND_OF[pieces[at]], False))
        here = end
    return tuple(masks)


def _is_under(one: Finding, masks: Iterable[Finding]) -> bool:
    return any(mask.start <= one.start and one.end <= mask.end for mask in masks)


def _places(masking: Masking, words: str) -> Iterator[tuple[int, int]]:
    """Yield the places, in the original, of words read in what may be shown, else in what was said.

    Spaces and apostrophes are those of who types: what was copied from a page is found.
    """
    if not any(sign.isalnum() for sign in words):
        return
    pattern = _pattern(words[:LONGEST_PASSAGE])
    text, origin = _with_places(masking)
    found = [match.span() for match in pattern.finditer(text)]
    if found:
        yield from ((origin[start][0], origin[end - 1][1]) for start, end in found)
    else:
        yield from (match.span() for match in pattern.finditer(masking.original))


def _pattern(words: str) -> re.Pattern[str]:
    signs = {"'": "['’]", "’": "['’]"}
    typed = [
        "".join(signs.get(sign, re.escape(sign)) for sign in word) for word in words.strip().split()
    ]
    start = r"(?<!\w)" if words.strip()[0].isalnum() else ""
    end = r"(?!\w)" if words.strip()[-1].isalnum() else ""
    return re.compile(start + r"\s+".join(typed) + end)


def _with_places(masking: Masking) -> tuple[str, list[tuple[int, int]]]:
    """Return the masked text, and for each of its characters where it comes from."""
    text, origin, here = "", [], 0
    for one in masking.masks:
        text += masking.original[here : one.start]
        origin += [(at, at + 1) for at in range(here, one.start)]
        tag = tag_of(one.kind)
        text += tag
        origin += [(one.start, one.end)] * len(tag)
        here = one.end
    origin += [(at, at + 1) for at in range(here, len(masking.original))]
    return text + masking.original[here:], origin
