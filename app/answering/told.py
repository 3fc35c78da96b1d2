"""What a structure tells before it asks, in the language of its readers where we wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.organisations.notice import usual
from app.web.typography import typographic

if TYPE_CHECKING:
    from app.answering.entrance import Entrance
    from app.questionnaires.definition import Interface

FRENCH = "fr"


def told(entrance: Entrance, words: Interface, field: str) -> tuple[str, bool]:
    """Return a sentence of the notice, and whether it is in French for who reads another language.

    What the structure wrote itself nobody translated.
    """
    written = getattr(entrance.notice, field)
    if words.language == FRENCH:
        return typographic(written), False
    name = entrance.organisation.name
    key, ours = usual(name).get(field, ("", None))
    if written != ours:
        return typographic(written), True
    # Isolated, so that a French name does not turn the sentence around it.
    return words[f"notice_{key}"].format(structure=f"\u2068{name}\u2069"), False
