"""Addresses: one to click, one to type, one to scan."""

from __future__ import annotations

import pytest

from app.campaigns.addresses import link_address, scanned_address, typed_address


@pytest.mark.parametrize(
    ("base_url", "clicked", "typed", "scanned"),
    [
        (
            "https://avis.exemple.fr",
            "https://avis.exemple.fr/K7QF3",
            "avis.exemple.fr/K7QF3",
            "HTTPS://AVIS.EXEMPLE.FR/K7QF3",
        ),
        (
            "http://localhost:8000",
            "http://localhost:8000/K7QF3",
            "localhost:8000/K7QF3",
            "HTTP://LOCALHOST:8000/K7QF3",
        ),
        (
            "https://exemple.fr/Avis",
            "https://exemple.fr/Avis/K7QF3",
            "exemple.fr/Avis/K7QF3",
            "HTTPS://EXEMPLE.FR/Avis/K7QF3",
        ),
    ],
)
def test_an_address_is_clicked_typed_and_scanned(
    base_url: str, clicked: str, typed: str, scanned: str
) -> None:
    assert link_address(base_url, "K7QF3") == clicked
    assert typed_address(base_url, "K7QF3") == typed
    assert scanned_address(base_url, "K7QF3") == scanned
