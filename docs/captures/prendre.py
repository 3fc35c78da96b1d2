"""Take the pictures of the README again: `.venv/bin/python -m docs.captures.prendre`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.browser.service import CHROMIUM, OPTIONS, serving, sign_in

HERE = Path(__file__).parent


def main() -> None:
    """Photograph the first screen of a phone, and an indicator as the structure reads it."""
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        phone = browser.new_page(viewport={"width": 390, "height": 780}, locale="fr-FR")
        phone.goto(f"{site.address}/{site.code}")
        phone.screenshot(path=HERE / "accueil.png")
        desk = browser.new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR")
        sign_in(desk, site)
        desk.goto(f"{site.address}/espace/indicateurs")
        desk.locator("[id='autonomie.progression']").screenshot(path=HERE / "indicateur.png")
        browser.close()


if __name__ == "__main__":
    main()
