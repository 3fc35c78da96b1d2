"""A drawing whose words meet, or leave the page of a phone, is not read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser, Page

from app.indicators.charts import Dumbbell
from config import PROJECT

pytestmark = pytest.mark.browser

WIDTH = 360
PAGE = """<!doctype html><html lang="fr"><title>Essai</title><style>{{ css|safe }}</style>
<body style="padding:16px">{% import "indicators/charts.html" as draw %}
{% for bell in bells %}{{ draw.dumbbell(bell) }}{% endfor %}</body>"""
#: Every pair of words that meet or that leave the page, with the numbers of the drawing.
FAULTS = """width => [...document.querySelectorAll("svg.gr")].flatMap(drawing => {
  const boxes = [...drawing.querySelectorAll("text")].map(word => word.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right && b.left < a.right
    && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
  const faulty = boxes.some((box, rank) => box.left < 0 || box.right > width
    || boxes.slice(rank + 1).some(other => meet(box, other)));
  return faulty ? [drawing.getAttribute("aria-label")] : [];
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": WIDTH, "height": 640}) as page:
        yield page


def test_the_words_of_two_means_never_meet_nor_leave_a_phone(app: Flask, page: Page) -> None:
    places = (0, 3, 21, 24, 34, 36, 50, 52, 64, 66, 76, 79, 97, 100)
    bells = [
        Dumbbell(before, after, -9, 9, "avec beaucoup d’aide", "très souvent", f"{before} {after}")
        for before, after in product(places, repeat=2)
    ]
    css = (PROJECT / "app" / "web" / "static" / "espace.css").read_text("utf-8")
    with app.test_request_context():
        page.set_content(render_template_string(PAGE, bells=bells, css=css))
    assert page.locator("svg.gr").count() == len(bells)
    assert page.evaluate(FAULTS, WIDTH) == []
