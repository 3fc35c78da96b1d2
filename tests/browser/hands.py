"""Somebody before a screen: what they touch is counted, and what goes wrong is kept."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

#: Seconds that a page may take to become what it should.
_PATIENCE = 60.0
#: Milliseconds that a picture or a document may take to be drawn.
_DRAWN = 120_000

#: What a browser says of a page that answered, rightly, that something is to mend or to sign in.
_REFUSALS = re.compile(r"status of (401|404|409|422)")


def wait_until(page: Page, condition: str) -> None:
    """Wait until a condition of the page holds, asked from outside.

    `Page.wait_for_function` asks from inside, once the first answer was no: what our headers
    forbid there (no `unsafe-eval`) then fails the test.
    """
    deadline = time.monotonic() + _PATIENCE
    while not told(page, condition):
        assert time.monotonic() < deadline, f"still not: {condition}"
        page.wait_for_timeout(20)


def told(page: Page, question: str) -> Any:
    """Return what a page answers, once it is whole; one that leaves meanwhile, the next one."""
    while True:
        page.wait_for_load_state()
        try:
            return page.evaluate(question)
        except Error as left:
            if "Execution context was destroyed" not in left.message:
                raise


def still(page: Page) -> None:
    """Wait until colours have changed: on the way from one to another, a word may not be read."""
    wait_until(
        page,
        "!document.getAnimations().some((one) => "
        "one instanceof CSSTransition && one.playState === 'running')",
    )


class Hands:
    """Use a page as a person does: one touch a click or a tap, one touch a field that is typed."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.touches = 0
        #: Faults of the pages that were passed: scripts, what the headers refused, a line too wide.
        self.faults: list[str] = []
        self._folder = folder
        self._started = time.monotonic()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._hear)

    @property
    def seconds(self) -> float:
        """Return how long this has lasted."""
        return time.monotonic() - self._started

    @property
    def main(self) -> Locator:
        """Return the page itself, without its menu."""
        return self.page.locator("main")

    def open(self, address: str) -> None:
        """Open an address received from somebody: one touch."""
        self.touches += 1
        self.page.goto(address)
        self.look()

    def tap(
        self, words: str | re.Pattern[str], kind: Any = "link", *, within: Locator | None = None
    ) -> None:
        """Touch what bears these words."""
        place = within or self.main
        self.touch(place.get_by_role(kind, name=words).first)

    def tap_open(self, words: str, *, within: Locator | None = None) -> None:
        """Unfold what is folded under these words."""
        self.touch((within or self.main).locator("summary", has_text=words).first)

    def touch(self, target: Locator) -> None:
        """Touch one thing, which must be there to be seen."""
        self.touches += 1
        target.click()
        self.look()

    def type(self, label: str, text: str) -> None:
        """Type into the field of this label."""
        self.touches += 1
        self.main.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, words: str) -> None:
        """Choose a line of a list: two touches, the list and the line."""
        self.touches += 2
        self.main.get_by_label(label, exact=True).select_option(label=words)

    def download(self, words: str, kind: Any = "link", *, within: Locator | None = None) -> Path:
        """Touch what gives a file; return the file."""
        target = (within or self.main).get_by_role(kind, name=words).first
        self.touches += 1
        with self.page.expect_download(timeout=_DRAWN) as given:
            target.click()
        file = self._folder / given.value.suggested_filename
        given.value.save_as(file)
        return file

    def menu(self, words: str) -> None:
        """Go to a part of the espace: by the contents on a desk, behind « Menu » on a phone."""
        opener = self.page.locator(".haut a[href='#menu']")
        if opener.is_visible():
            self.touch(opener)
        self.tap(words, within=self.page.locator("#menu"))

    def reads(self, *texts: str) -> None:
        """Check that the page says all this."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def sign_in(self, address: str, email: str, password: str) -> None:
        """Enter the espace by hand."""
        self.open(f"{address}/espace")
        self.type("Votre adresse e-mail", email)
        self.type("Votre mot de passe", password)
        self.tap("Entrer", "button")

    def look(self) -> None:
        """Note a page wider than its screen, once it is whole."""
        if told(self.page, "document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{self.page.url} runs over")

    def _hear(self, said: Any) -> None:
        if said.type == "error" and not _REFUSALS.search(said.text):
            self.faults.append(said.text)

    def answer(self, address: str, card: str = "") -> None:
        """Answer a questionnaire on a phone, one question at a time, up to the thanks."""
        self.page.goto(address)
        for _ in range(40):
            question = self.page.locator(".question:visible")
            if question.locator("textarea, input.field").count():
                question.locator("textarea, input.field").fill("On a pris le temps. Merci !")
            else:
                question.locator(".choices .choice").last.click()
            send = self.page.locator("form .main")
            is_last = send.locator("span").inner_text() == "Envoyer"
            if is_last and card:
                self.page.fill("#carte", card)
            send.click()
            if is_last:
                break
        expect(self.page.locator("h1.thanks")).to_be_visible()
