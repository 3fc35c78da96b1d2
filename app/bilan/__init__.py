"""The qualitative section of the bilan: composed, written, sealed, and given as a document."""

from app.bilan.next_steps import steps

__all__ = ["steps"]
