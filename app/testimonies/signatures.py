"""How a testimony is signed: never with more than the person agreed to, today."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.testimonies.consents import BY_NAME

if TYPE_CHECKING:
    from app.testimonies.consents import Agreement
    from app.testimonies.models import Testimony

SOMEBODY = "Une personne accompagnée"
A_PARTNER = "Un partenaire"
#: Age bands of the question `age`, as a signature says them.
AGES: Mapping[str, str] = MappingProxyType(
    {
        "moins_de_douze": "moins de 12 ans",
        "douze_dix_huit": "de 12 à 17 ans",
        "dix_huit_vingt_quatre": "de 18 à 24 ans",
        "vingt_cinq_trente_neuf": "de 25 à 39 ans",
        "quarante_cinquante_neuf": "de 40 à 59 ans",
        "soixante_soixante_neuf": "de 60 à 69 ans",
        "soixante_dix_plus": "70 ans et plus",
    }
)


def signature(testimony: Testimony, agreement: Agreement, name: str, lieu: str) -> str:
    """Return the signature of a testimony: `name` is the first name or organisation it gave."""
    nobody = A_PARTNER if testimony.origin == "partenaire" else SOMEBODY
    if agreement.naming in BY_NAME:
        return name or nobody
    if agreement.naming == "age_lieu":
        age = AGES.get(testimony.age_band or "", "")
        return ", ".join(filter(None, (nobody, age, lieu)))
    return nobody
