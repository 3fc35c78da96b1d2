"""The types of partners: those of the question « Dans quelle structure travaillez-vous ? »."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.questionnaires import Library

QUESTIONNAIRE, QUESTION = "partenaire", "type"
OTHER = "autre"
#: Words by which teams write a type in their own lists, without accents.
_KEYWORDS = (
    ("mediation_numerique", r"mediation|conseiller numerique|cyber|epn\b|fablab|tiers.lieu"),
    (
        "insertion_professionnelle",
        r"insertion|emploi|france travail|pole emploi|mission locale|plie\b|cap emploi",
    ),
    (
        "aide_aux_demarches_administratives",
        r"demarche|france services|maison france|msap\b|pimms|point d.acces",
    ),
    (
        "operateur_ou_organisme_en_charge",
        r"operateur|organisme|caf\b|cpam\b|carsat|msa\b|urssaf|ameli\b",
    ),
    ("aide_sociale", r"social|ccas|cias\b|departement|mds\b|mdph|solidarite"),
    ("administration", r"administration|mairie|commune|prefecture|tresor|impot|communaute de"),
)


def type_names(library: Library) -> Mapping[str, str]:
    """Return the name of each type by its code, in the order of the question."""
    options = library.questionnaires[QUESTIONNAIRE].questions[QUESTION].options
    return {str(option.code): option.text.fr for option in options}


def short_name(name: str) -> str:
    """Return the name of a type without its examples."""
    return name.partition(" (")[0]


def recognised(typed: str, names: Mapping[str, str]) -> str | None:
    """Return the type that somebody wrote in their own words, or None."""
    said = _plain(typed)
    if not said:
        return None
    for code, name in names.items():
        if said in (_plain(code), _plain(name), _plain(short_name(name))):
            return code
    for code, words in _KEYWORDS:
        if code in names and re.search(rf"\b(?:{words})", said):
            return code
    return None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("_", " "))
    kept = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(kept.replace("’", "'").split())
