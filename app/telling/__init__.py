"""The public pages where people tell, in words, voice or pictures, and say what may be done."""

from app.telling.views import blueprint, try_telling

__all__ = ["blueprint", "try_telling"]
