"""The address of a link, as a browser, a person and a camera read it."""

from __future__ import annotations

from urllib.parse import urlsplit


def link_address(base_url: str, code: str) -> str:
    """Return the address to copy, to send and to click."""
    return f"{base_url}/{code}"


def typed_address(base_url: str, code: str) -> str:
    """Return the address to read and type: browsers find the beginning by themselves."""
    return link_address(base_url, code).split("://", 1)[-1]


def scanned_address(base_url: str, code: str) -> str:
    """Return the address in the QR code: in capitals it takes fewer and larger modules.

    Only scheme and host may change case; a path keeps the one it has.
    """
    parts = urlsplit(base_url)
    return f"{parts.scheme.upper()}://{parts.netloc.upper()}{parts.path}/{code}"
