"""The drawings: pictograms of the public pages, icons of the desk, both drawn for Recueil."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

_FOLDER = Path(__file__).parent
_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)" viewBox="[0-9 ]+">(.*?)</symbol>', re.DOTALL)
_INK = "#1D2433"


def _read(file: str) -> dict[str, str]:
    return dict(_SYMBOL.findall((_FOLDER / file).read_text("utf-8")))


#: Inner markup by name, on a grid of 48.
PICTOGRAMS = _read("pictograms.svg")
#: Inner markup by name, on a grid of 24.
ICONS = _read("icons.svg")


def symbols(names: Iterable[str]) -> Markup:
    """Return one hidden `<svg>` holding the `<symbol>`s asked for, each once, in order.

    A page then shows one with `<svg class="picto" viewBox="0 0 48 48"><use href="#nom"/></svg>`.
    """
    found = "".join(
        f'<symbol id="{name}" viewBox="0 0 48 48">{_pictogram(name)}</symbol>'
        for name in dict.fromkeys(names)
    )
    return Markup(f'<svg class="vh" width="0" height="0" aria-hidden="true">{found}</svg>')  # noqa: S704


def drawing(name: str) -> Markup:
    """Return the pictogram with its colours fixed, ready for a document made for print."""
    inner = _pictogram(name).replace("currentColor", _INK)
    return Markup(f'<svg class="picto" viewBox="0 0 48 48" aria-hidden="true">{inner}</svg>')  # noqa: S704


def icon(name: str) -> Markup:
    """Return an icon of the desk, inline; it takes the colour of the text beside it."""
    if name not in ICONS:
        raise ValueError(f"L’icône « {name} » n’existe pas.")
    return Markup(f'<svg class="ic" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>')  # noqa: S704


def _pictogram(name: str) -> str:
    if name not in PICTOGRAMS:
        raise ValueError(
            f"Le pictogramme « {name} » n’existe pas. Il y a : {', '.join(PICTOGRAMS)}."
        )
    return PICTOGRAMS[name]
