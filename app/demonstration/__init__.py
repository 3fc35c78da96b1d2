"""The demonstration structure: invented answers that walk the same road as real ones."""

from app.demonstration.structure import Demonstration, load_demonstration

__all__ = ["Demonstration", "load_demonstration"]
