"""The public pages: questions, thanks, receipt, notice."""

from app.answering.views import blueprint

__all__ = ["blueprint"]
