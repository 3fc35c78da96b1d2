"""QR codes: black modules as one SVG path, or half blocks in a terminal."""

from __future__ import annotations

from markupsafe import Markup
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

#: White modules kept around the code: readers need four.
BORDER = 4
#: True black on true white, whatever the colours of the terminal.
_PAPER, _RESET = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_svg(text: str) -> Markup:
    """Draw the text as an SVG without any size: the page that shows it gives one.

    An upper-case address makes a smaller code. Raise ValueError when the text is too long.
    """
    matrix = _matrix(text)
    side = len(matrix)
    path = "".join(_row(y, modules) for y, modules in enumerate(matrix))
    return Markup(  # noqa: S704
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        ' shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def qr_terminal(text: str) -> str:
    """Draw the text with half blocks, two modules a character, for a phone to scan."""
    matrix = _matrix(text)
    if len(matrix) % 2:
        matrix.append([False] * len(matrix))
    lines = (
        "".join(_HALVES[halves] for halves in zip(upper, lower, strict=True))
        for upper, lower in zip(matrix[::2], matrix[1::2], strict=True)
    )
    return "\n".join(f"{_PAPER}{line}{_RESET}" for line in lines)


def _matrix(text: str) -> list[list[bool]]:
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=BORDER)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:  # qrcode says both, by the way it overflows
        raise ValueError(
            f"Cette adresse est trop longue pour un QR code : {len(text)} caractères. "
            "Choisissez une adresse plus courte."
        ) from error
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _row(y: int, modules: list[bool]) -> str:
    path, x = "", 0
    while x < len(modules):
        length = 1
        while x + length < len(modules) and modules[x + length] == modules[x]:
            length += 1
        if modules[x]:
            path += f"M{x} {y}h{length}v1h-{length}z"
        x += length
    return path
