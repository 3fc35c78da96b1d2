"""How the law of pages visits them: with a script or without, reading or sending a form."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from axe_playwright_python.base import AXE_SCRIPT
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Error, Page
from werkzeug.test import TestResponse

from tests.browser.hands import still
from tests.world import PASSWORD, World, token_of

#: What is typed in a form: texts, or a file (its name and what it holds).
Typed: TypeAlias = Mapping[str, str | tuple[str, bytes]]
#: Widths of a telephone, a tablet and a desk.
WIDTHS = (360, 768, 1280)
#: Sends a form from the page that is open, as its own button would.
SEND = """([address, typed]) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = address; form.hidden = true;
  const token = document.querySelector("[name=csrf_token]");
  if (token) form.append(token.cloneNode());
  for (const [name, value] of Object.entries(typed)) {
    const field = document.createElement("input");
    field.name = name;
    if (typeof value === "string") field.value = value;
    else {
      const sent = new DataTransfer();
      sent.items.add(new File([value.text], value.name));
      field.type = "file"; field.files = sent.files; form.enctype = "multipart/form-data";
    }
    form.append(field);
  }
  document.body.append(form); form.submit();
}"""
#: Names what is not accessible; of each, only what a failure says of it leaves the page.
FAULTS = """() => axe.run({resultTypes: ["violations"]}).then((found) =>
  found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"""
#: Names what is wider than the screen; a box that scrolls by itself may hold more.
TOO_WIDE = """() => {
  const screen = document.documentElement;
  if (screen.scrollWidth <= screen.clientWidth) return [];
  const found = [...document.body.querySelectorAll("*")].filter((one) =>
    one.getBoundingClientRect().right > screen.clientWidth + 0.5);
  const named = found.slice(-3).map((one) => one.cloneNode(false).outerHTML.slice(0, 120));
  return [`${screen.scrollWidth} pixels of ${screen.clientWidth}: ${named.join(" ")}`];
}"""


@dataclass(frozen=True)
class Visit:
    """Be one page as somebody sees it."""

    endpoint: str
    #: A visitor of the world; empty for who is not signed in.
    who: str
    address: str
    status: int
    #: What is sent; None when the page is only read.
    typed: Typed | None = None
    #: The screens on which it is looked at.
    widths: tuple[int, ...] = WIDTHS[:1]

    def __str__(self) -> str:
        """Name the page in a failure."""
        return f"{self.who} {self.address}{'' if self.typed is None else f' {self.typed}'}"


def open_without_script(client: FlaskClient, visit: Visit) -> TestResponse:
    if visit.typed is None:
        return client.get(visit.address)
    files = {
        name: (io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value
        for name, value in visit.typed.items()
    }
    page = "/espace/compte" if visit.who else "/espace/connexion"
    return client.post(visit.address, data={"csrf_token": token_of(client, page), **files})


def visited(browser: Browser, world: World, address: str, visits: Sequence[Visit]) -> list[str]:
    """Return what is wrong with each page, each visitor in a browser of their own."""
    problems = []
    for who in dict.fromkeys(visit.who for visit in visits):
        page = browser.new_page(locale="fr-FR")
        if who:
            bring_in(page, address, world, who)
        for visit in visits:
            if visit.who == who:
                screen(page, max(visit.widths))
                found = open_with_script(page, address, visit) or [
                    *unfocused(page, visit),
                    *faults(page, visit.widths),
                ]
                problems += [f"{visit}: {one}" for one in found]
        page.context.close()
    return problems


def bring_in(page: Page, address: str, world: World, who: str) -> None:
    """Sign somebody in: what the form of the first page gives them is put in the browser."""
    cookie = world.enter(who).get_cookie("recueil")
    assert cookie
    page.context.add_cookies([{"name": "recueil", "value": cookie.value, "url": address}])


def open_with_script(page: Page, address: str, visit: Visit) -> list[str]:
    """Open a page; say what else answered, when it was not the one."""
    if visit.typed is None:
        reply = page.goto(f"{address}{visit.address}")
    else:
        if not page.locator("[name=csrf_token]").count():
            page.goto(f"{address}{'/espace/compte' if visit.who else '/espace/connexion'}")
        with page.expect_navigation() as navigation:
            typed = {name: as_script(value) for name, value in visit.typed.items()}
            page.evaluate(SEND, [f"{address}{visit.address}", typed])
        reply = navigation.value
    assert reply
    if (reply.url, reply.status) == (f"{address}{visit.address}", visit.status):
        return []
    return [f"{reply.status} {reply.url}"]


def sign_in_by_hand(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/espace/connexion")
    page.fill("[name=email]", email)
    page.fill("[name=mot_de_passe]", PASSWORD)
    page.click("main [type=submit], main button")
    page.wait_for_url(re.compile("/espace(/consolide|/installation)?$"))


def as_script(value: str | tuple[str, bytes]) -> str | dict[str, str]:
    return value if isinstance(value, str) else {"name": value[0], "text": value[1].decode()}


def unfocused(page: Page, visit: Visit) -> list[str]:
    """Say when a form comes back, or asks once more, and the focus is not on what is said."""
    asks_once_more = visit.typed is not None and visit.typed.get("effacer")
    if visit.typed is None or not (visit.status >= 400 or asks_once_more):
        return []
    if visit.endpoint == "espace.introuvable":  # no form leads to a page that does not exist
        return []
    try:
        # A browser gives the focus when it draws the page, which may be after it is loaded.
        page.locator("body :focus").first.wait_for(state="attached")
    except Error:
        return ["the focus is not on what is to mend"]
    return []


def faults(page: Page, widths: Sequence[int]) -> list[str]:
    """Return what axe refuses on each screen, then what runs over a narrow one.

    The widest screen comes first: a script may fold, on a phone, what a desk shows unfolded. The
    page is loaded once; what it shows at each width is checked whole.
    """
    found = []
    for width in sorted(widths, reverse=True):
        screen(page, width)
        found += [f"{width}: {one}" for one in violations(page)]
    return found + overflows(page)


def violations(page: Page) -> list[str]:
    """Return what axe, which a page reads once, refuses in it."""
    still(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [str(one) for one in page.evaluate(FAULTS)]


def overflows(page: Page) -> list[str]:
    """Return what is wider than 320 pixels, or than 640 with letters twice as large."""
    screen(page, 320)
    narrow = page.evaluate(TOO_WIDE)
    screen(page, 640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return [f"320: {one}" for one in narrow] + [f"200 %: {one}" for one in page.evaluate(TOO_WIDE)]


def screen(page: Page, width: int) -> None:
    """Look at a page on a screen of this width."""
    page.set_viewport_size({"width": width, "height": 800})
