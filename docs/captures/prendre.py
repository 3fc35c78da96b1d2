"""Take the pictures of the README again: `.venv/bin/python -m docs.captures.prendre`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from playwright.sync_api import FloatRect, ViewportSize, sync_playwright

from tests.browser.service import serving, sign_in
from tests.conftest import CHROMIUM, CHROMIUM_OPTIONS

HERE = Path(__file__).parent
#: A window on a printed page, and what is shown of it, under its buttons.
PAPER: ViewportSize = {"width": 900, "height": 1000}
TOP: FloatRect = {"x": 0, "y": 145, "width": 900, "height": 1080}
#: Height of the first way in which an indicator is told; others follow.
FIRST = 330


def main() -> None:
    """Photograph the first screen of a phone, an indicator, and the beginning of the bilan."""
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        phone = browser.new_page(viewport={"width": 390, "height": 780}, locale="fr-FR")
        phone.goto(f"{site.address}/{site.code}")
        phone.screenshot(path=HERE / "accueil.png")
        desk = browser.new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR")
        sign_in(desk, site)
        desk.goto(f"{site.address}/espace/indicateurs")
        shown = desk.locator("[id='autonomie.progression']")
        place = cast("FloatRect", shown.bounding_box())
        place["height"] = FIRST
        desk.screenshot(path=HERE / "indicateur.png", clip=place, full_page=True)
        desk.goto(f"{site.address}/espace/bilan")
        desk.get_by_role("link", name="Continuer le bilan").click()
        paper = browser.new_context(viewport=PAPER, storage_state=desk.context.storage_state())
        sheet = paper.new_page()
        sheet.goto(f"{desk.url}/imprimer")
        sheet.screenshot(path=HERE / "bilan.png", clip=TOP, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
