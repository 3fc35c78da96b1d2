"""What the pages and the documents of the bilan need: somebody signed in, answers, drawings."""

from __future__ import annotations

from tests.documents.conftest import drawn_once
from tests.organisations.conftest import person, sign_in
from tests.responses.conftest import sender

__all__ = ["drawn_once", "person", "sender", "sign_in"]
