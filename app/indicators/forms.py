"""Forms about what is not an answer: how many people were accompanied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import MultipleFileField, StringField

from app.web.forms import DeskForm
from app.web.typography import number

#: No structure accompanies more people than a whole département counts.
MOST_PEOPLE = 1_000_000
#: What the exports of a structure may weigh together.
LARGEST_FILES = 10 * 1024 * 1024
MOST_FILES = 30

NO_NUMBER = "Écrivez un nombre entier, par exemple 212."
NO_FILE = "Choisissez l’export de La Coop : un fichier .xlsx."
TOO_HEAVY = "Ces fichiers pèsent plus de 10 Mo. Exportez-les en plusieurs fois."
TOO_MANY_FILES = f"{MOST_FILES} fichiers au plus. Déposez-les en plusieurs fois."


class AccompaniedForm(DeskForm):
    """Ask for the number of people, or for the exports that tell it."""

    nombre = StringField(
        "Nombre de personnes accompagnées",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12},
    )
    fichiers = MultipleFileField(
        "Un export par médiateur ou médiatrice",
        render_kw={
            "accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        },
    )

    def people(self) -> int | None:
        """Return the number that was typed; None with an error when it is none."""
        typed = "".join(str(self.nombre.data or "").split())
        if typed.isascii() and typed.isdigit() and 1 <= int(typed[:12]) <= MOST_PEOPLE:
            return int(typed)
        too_many = typed.isascii() and typed.isdigit() and int(typed[:12]) > MOST_PEOPLE
        most = f"Écrivez un nombre entre 1 et {number(MOST_PEOPLE)}."
        self.nombre.errors = [most if too_many else NO_NUMBER]
        return None

    def contents(self) -> Sequence[bytes]:
        """Return the files that came; none, with an error, when they cannot be taken."""
        sent = [file for file in self.fichiers.data or () if file and file.filename]
        found = [bytes(file.read()) for file in sent[:MOST_FILES]]
        if len(sent) > MOST_FILES:
            return self._refused(TOO_MANY_FILES)
        if sum(map(len, found)) > LARGEST_FILES:
            return self._refused(TOO_HEAVY)
        return found if any(found) else self._refused(NO_FILE)

    def _refused(self, why: str) -> Sequence[Any]:
        self.fichiers.errors = [why]
        return ()
