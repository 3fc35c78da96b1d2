"""Drawings as files: what they say without colours, without eyes, and out of any page."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from app.documents.drawn_files import HALF, WIDTH, laid_out, png_of, pngs_of, svg_of
from app.documents.section import Drawing
from app.indicators.charts import Circles, Dumbbell, stacked
from tests.documents.sections import sample

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = {drawing.name: drawing for drawing in sample().drawings}
MILLIMETRE = 300 / 25.4


def read(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(svg_of(drawing))


def words(drawing: Drawing) -> list[str]:
    return ["".join(text.itertext()) for text in read(drawing).iter(f"{SVG}text")]


def bar(*parts: tuple[str, int], unit: str = "Personnes") -> Drawing:
    chart = stacked([(str(rank), label, count) for rank, (label, count) in enumerate(parts)])
    return Drawing("essai", "Essai", chart, (("", unit), *((a, str(b)) for a, b in parts)))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_stands_by_itself_and_says_what_it_shows(name: str) -> None:
    root = read(DRAWINGS[name])
    assert root.get("role") == "img"
    described = {root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")}  # type: ignore[union-attr]
    assert set((root.get("aria-labelledby") or "").split()) == described
    assert root.findtext(f"{SVG}desc") == DRAWINGS[name].spoken
    assert root.findtext(f"{SVG}title") == DRAWINGS[name].caption
    assert "href" not in svg_of(DRAWINGS[name])


def test_a_bar_carries_its_legend_and_how_many_it_stands_on() -> None:
    said = words(DRAWINGS["autonomie-personnes"])
    assert [text.strip() for text in said[-4:]] == [
        "en progrès 43", "stables 9", "en recul 6", "58\u00a0personnes en tout",
    ]  # fmt: skip


def test_one_answer_is_not_told_in_the_plural() -> None:
    assert words(bar(("oui", 1), unit="Réponses"))[-1] == "1\u00a0réponse en tout"


def test_circles_are_as_many_as_people_and_named() -> None:
    drawing = DRAWINGS["nonrecours-evite-c-personnes"]
    circles = [one.get("class") for one in read(drawing).iter(f"{SVG}circle")]
    # One in the legend for each sort.
    assert (circles.count("g-1"), circles.count("g-creux")) == (8, 10)
    assert words(drawing) == ["oui 7", "non 9", "16\u00a0personnes en tout"]


def test_a_dumbbell_says_its_interval_beside_the_bracket() -> None:
    assert "écart entre +20 et +30" in words(DRAWINGS["autonomie-moyennes"])


@pytest.mark.parametrize(("before", "low", "high"), [(2.0, -1.0, 6.0), (90.0, 2.0, 9.0)])
def test_the_words_of_the_interval_stay_on_the_axis(before: float, low: float, high: float) -> None:
    chart = Dumbbell(before, before + 2, low, high, "jamais", "toujours", "Avant, maintenant.")
    gap = laid_out(Drawing("essai", "Essai", chart, ())).gap
    assert gap
    length = 7.6 * len(gap.text)
    start = gap.x - length if gap.anchor == "end" else gap.x
    assert start >= 0
    assert start + length <= WIDTH * 5


def test_words_of_a_wide_interval_stand_between_the_ends_or_not_at_all() -> None:
    wide = Dumbbell(33, 51, -20, 60, "non", "oui", "Avant 33, maintenant 51.")
    gap = laid_out(Drawing("essai", "Essai", wide, ()), HALF).gap
    assert gap
    assert (gap.anchor, gap.y) == ("middle", 95)
    spelled = replace(wide, first_word="pas du tout d’accord", last_word="tout à fait d’accord")
    drawing = Drawing("essai", "Essai", spelled, ())
    assert laid_out(drawing, HALF).gap is None
    assert "écart" not in svg_of(drawing, HALF)


def test_less_is_hatched_and_never_a_colour_alone() -> None:
    svg = svg_of(DRAWINGS["autonomie-personnes"])
    assert 'id="autonomie-personnes-hachures"' in svg
    assert svg.count('fill="url(#autonomie-personnes-hachures)"') == 2


def test_a_long_legend_goes_on_below_and_stays_in_the_drawing() -> None:
    drawing = bar(*((f"une réponse assez longue, la {rank}", 20) for rank in range(4)))
    drawn = laid_out(drawing)
    assert len({mark.y for mark in drawn.legend}) > 1
    assert max(mark.y for mark in drawn.legend) < drawn.height
    few = Drawing(
        "ronds", "Ronds", Circles(3, 7, "3 sur 7"),
        (("", "Personnes"), ("oui, tout à fait, sans aucune hésitation", "3"),
         ("non, ou alors avec quelqu’un qui reste à côté", "4")),
    )  # fmt: skip
    drawn = laid_out(few)
    assert max(mark.y for mark in drawn.legend) < drawn.height


def test_what_people_typed_cannot_break_a_drawing() -> None:
    drawing = replace(bar(("<b>&\"'</b> 🎈", 20), ("غالبا", 8)), name='a"><script>')
    root = read(drawing)
    assert root.find(f".//{SVG}script") is None
    assert any("<b>&\"'</b> 🎈" in text for text in words(drawing))


def test_ids_differ_when_several_drawings_share_a_page() -> None:
    ids = [
        found for one in DRAWINGS.values() for found in re.findall(r'\bid="([^"]+)"', svg_of(one))
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.document
def test_pictures_have_their_size_and_300_points_per_inch() -> None:
    doors = DRAWINGS["portes"]
    drawn = [laid_out(one) for one in DRAWINGS.values()] + [laid_out(doors, HALF)]
    for one, png in zip(drawn, pngs_of(drawn), strict=True):
        with Image.open(io.BytesIO(png)) as image:
            assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
            for pixels, length in zip(image.size, one.millimetres, strict=True):
                assert pixels == pytest.approx(length * MILLIMETRE, abs=2)
            assert image.getpixel((image.width - 1, image.height - 1)) == (255, 255, 255)
    assert pngs_of([]) == []


@pytest.mark.document
def test_a_drawing_is_read_in_grey() -> None:
    """Neighbours of a bar differ by their grey alone; what goes down by its hatching too."""
    (dark, _), (pale, _), (sand, plain), (gold, even) = greys_of("portes")
    assert dark + 60 < pale < sand - 20
    assert gold < sand - 40
    assert max(plain, even) < 5
    *_, (_, hatched) = greys_of("autonomie-personnes")
    assert hatched > 60


def greys_of(name: str) -> list[tuple[float, int]]:
    """Return how grey each stretch of a bar is, and by how much that varies in it."""
    with Image.open(io.BytesIO(png_of(DRAWINGS[name]))) as image:
        grey = image.convert("L")
    y = round(1.2 * MILLIMETRE)  # above the numbers, in the bar
    chart = DRAWINGS[name].chart
    shades = []
    for segment in chart.segments:  # type: ignore[union-attr]
        x = (segment.start + segment.width * 0.3) / 100 * grey.width
        box = (round(x), y, round(x) + 40, y + 12)
        pixels = grey.crop(box).tobytes()
        shades.append((sum(pixels) / len(pixels), max(pixels) - min(pixels)))
    return shades


@pytest.mark.parametrize(("before", "after"), [(30.0, 0.0), (95.0, 100.0), (50.0, 60.0)])
def test_no_word_of_a_dumbbell_touches_an_edge(before: float, after: float) -> None:
    moved = after - before
    chart = Dumbbell(before, after, moved - 5, moved + 5, "jamais", "toujours", "Avant.")
    drawing = Drawing("essai", "Essai", chart, ())
    with Image.open(io.BytesIO(png_of(drawing))) as image:
        grey = image.convert("L").point(lambda shade: 255 if shade < 200 else 0)
    left, top, right, bottom = grey.getbbox() or (0, 0, 0, 0)
    assert min(left, top, grey.width - right, grey.height - bottom) >= 3
