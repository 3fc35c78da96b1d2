"""Write lieux strictly as the schéma wants them: those that lack a field stay out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from app.organisations.lieux_schema import COMMUNE, FIELDS, IDENTIFIER, NAME, missing
from app.organisations.models import Lieu
from app.web.sheets import defuse

#: Fields whose form is checked: `+33…` and `-0.5` are values there, not formulas.
_CHECKED = ("telephone", "latitude", "longitude")


def values_of(lieu: Lieu) -> dict[str, str]:
    """Return all that is known of a lieu, by field of the schéma, in its order."""
    known = {IDENTIFIER: str(lieu.id), **lieu.details, NAME: lieu.name, COMMUNE: lieu.commune}
    return {name: known[name] for name in FIELDS if known.get(name)}


def complete(lieux: Sequence[Lieu]) -> list[dict[str, str]]:
    """Return the lieux that hold every required field, as the schéma writes them."""
    return [values for values in map(values_of, lieux) if not missing(values)]


def as_csv(lieux: Sequence[Lieu]) -> str:
    """Write the complete lieux as the CSV of the schéma."""
    written = io.StringIO(newline="")
    table = csv.writer(written, lineterminator="\n")
    table.writerow(FIELDS)
    for values in complete(lieux):
        table.writerow(
            value if name in _CHECKED else defuse(value)
            for name, value in ((name, values.get(name, "")) for name in FIELDS)
        )
    return written.getvalue()


def as_json(lieux: Sequence[Lieu]) -> str:
    """Write the complete lieux as the JSON of the schéma."""
    listed = [
        {name: _typed(name, value) for name, value in values.items()} for values in complete(lieux)
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)


def _typed(name: str, value: str) -> str | float:
    return float(value) if FIELDS[name].kind == "number" else value
