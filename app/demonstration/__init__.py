"""The demonstration structure: invented answers that walk the same road as real ones."""

from app.demonstration.structure import Demonstration, load_demonstration
from app.demonstration.visited import invented_person

__all__ = ["Demonstration", "invented_person", "load_demonstration"]
