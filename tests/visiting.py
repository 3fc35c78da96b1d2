"""How the law of pages visits them: with a script or without, reading or sending a form."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.test import TestResponse

from tests.world import PASSWORD, World, token_of

#: What is typed in a form: texts, or a file (its name and what it holds).
Typed: TypeAlias = Mapping[str, str | tuple[str, bytes]]
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


Check: TypeAlias = Callable[[Page], list[str]]


def visited(
    browser: Browser, world: World, address: str, visits: Sequence[Visit], width: int, check: Check
) -> list[str]:
    """Return what a check finds on each page, each visitor in a browser of their own."""
    problems = []
    for who in dict.fromkeys(visit.who for visit in visits):
        viewport: ViewportSize = {"width": width, "height": 800}
        page = browser.new_page(viewport=viewport, locale="fr-FR")
        if who:
            sign_in_by_hand(page, address, world.visitors[who])
        for visit in visits:
            if visit.who == who:
                found = open_with_script(page, address, visit) or check(page)
                problems += [f"{visit}: {one}" for one in found]
        page.context.close()
    return problems


def sign_in_by_hand(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/espace/connexion")
    page.fill("[name=email]", email)
    page.fill("[name=mot_de_passe]", PASSWORD)
    page.click("main [type=submit], main button")
    page.wait_for_url(re.compile("/espace(/consolide|/installation)?$"))


def open_with_script(page: Page, address: str, visit: Visit) -> list[str]:
    """Open a page; say what else answered, when it was not the one."""
    if visit.typed is None:
        reply = page.goto(f"{address}{visit.address}")
    else:
        page.goto(f"{address}{'/espace/compte' if visit.who else '/espace/connexion'}")
        with page.expect_navigation() as navigation:
            typed = {name: as_script(value) for name, value in visit.typed.items()}
            page.evaluate(SEND, [visit.address, typed])
        reply = navigation.value
    assert reply
    if (reply.url, reply.status) == (f"{address}{visit.address}", visit.status):
        return []
    return [f"{reply.status} {reply.url}"]


def as_script(value: str | tuple[str, bytes]) -> str | dict[str, str]:
    return value if isinstance(value, str) else {"name": value[0], "text": value[1].decode()}


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def overflows(page: Page) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 800})
    narrow = page.evaluate(TOO_WIDE)
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return [f"320: {one}" for one in narrow] + [f"200 %: {one}" for one in page.evaluate(TOO_WIDE)]
