"""Pictograms, icons and QR codes."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from weasyprint import HTML

from app.web import pictograms, qr

ADDRESS = "HTTPS://RECUEIL.EXEMPLE.FR/K7QF3"


def test_a_page_receives_only_the_symbols_it_asks_for_each_once() -> None:
    markup = pictograms.symbols(["visage-1", "aide-0", "visage-1"])
    assert re.findall(r'<symbol id="([^"]+)"', markup) == ["visage-1", "aide-0"]


def test_every_drawing_is_well_formed() -> None:
    for name in pictograms.PICTOGRAMS:
        ElementTree.fromstring(pictograms.drawing(name))
    for name in pictograms.ICONS:
        ElementTree.fromstring(pictograms.icon(name))


def test_a_drawing_for_print_carries_its_colours() -> None:
    assert "currentColor" not in pictograms.drawing("visage-1")
    assert "#1D2433" in pictograms.drawing("visage-1")


@pytest.mark.parametrize("draw", [pictograms.drawing, pictograms.icon])
def test_an_unknown_drawing_is_refused_by_name(draw: object) -> None:
    with pytest.raises(ValueError, match="licorne"):
        draw("licorne")  # type: ignore[operator]


@pytest.mark.document
def test_the_printed_code_is_read_back() -> None:
    page = f"<style>svg{{width:40mm}}</style>{qr.qr_svg(ADDRESS)}"
    pdf = pypdfium2.PdfDocument(io.BytesIO(HTML(string=page).write_pdf()))
    picture = pdf[0].render(scale=50 / 72).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [ADDRESS]


def test_the_code_in_a_terminal_is_black_on_white_and_is_read_back() -> None:
    lines = qr.qr_terminal(ADDRESS).splitlines()
    modules = [
        re.fullmatch("\x1b\\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\\[0m", line)[1]  # type: ignore[index]
        for line in lines
    ]
    picture = Image.new("L", (len(modules[0]), 2 * len(modules)), 255)
    for y, row in enumerate(modules):
        for x, sign in enumerate(row):
            picture.putpixel((x, 2 * y), 0 if sign in "▀█" else 255)
            picture.putpixel((x, 2 * y + 1), 0 if sign in "▄█" else 255)
    picture = picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [ADDRESS]


def test_a_margin_of_four_modules_stays_white() -> None:
    background, modules = qr.qr_svg(ADDRESS).split('<path d="')
    rows = re.findall(r"M(\d+) (\d+)h", modules)
    side = int(re.findall(r'viewBox="0 0 (\d+)', background)[0])
    assert min(int(x) for x, _ in rows) == min(int(y) for _, y in rows) == 4
    assert max(int(y) for _, y in rows) == side - 5


def test_an_address_too_long_is_an_error_in_french() -> None:
    with pytest.raises(ValueError, match="trop longue pour un QR code : 3000 caractères"):
        qr.qr_svg("a" * 3000)
