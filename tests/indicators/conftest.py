"""What the pages of results need: somebody signed in, and answers."""

from tests.organisations.conftest import person, sign_in
from tests.responses.conftest import sender

__all__ = ["person", "sender", "sign_in"]
