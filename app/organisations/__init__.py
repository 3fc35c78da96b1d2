"""Who collects: structures, their notice, their lieux, their people, and the guarded desk."""

from app.organisations.desk import make_desk
from app.organisations.sessions import current_organisation_id

__all__ = ["current_organisation_id", "make_desk"]
