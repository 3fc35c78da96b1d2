"""The base of every form of the desk: in French, and clean of what no database can keep."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_wtf import FlaskForm
from wtforms.fields.core import UnboundField

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean(value: Any) -> Any:
    """Return a typed text composed (NFC), trimmed, without control characters."""
    if not isinstance(value, str):
        return value
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", value.replace("\r\n", "\n")))
    return unicodedata.normalize("NFC", text).strip()


class DeskForm(FlaskForm):  # type: ignore[misc]
    """Be the parent of the desk's forms."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Speak French and clean every text."""

        locales = ("fr",)

        def bind_field(self, form: Any, unbound_field: UnboundField, options: Any) -> Any:
            """Clean what every field receives before its own filters."""
            filters = [clean, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, **{**options, "filters": filters})
