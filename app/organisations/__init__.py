"""Who collects: structures, their notice, their lieux, their people, and the guarded desk."""

from app.organisations.desk import make_desk

__all__ = ["make_desk"]
