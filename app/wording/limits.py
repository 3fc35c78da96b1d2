"""« À lire avec prudence »: what all the figures of a section have in common, said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.questionnaires.formulas import Contribution
from app.scoring.sentences import spaced

if TYPE_CHECKING:
    from app.indicators.models import Accompanied
    from app.wording.told import Told

UNKNOWN = (
    "On ne sait pas quelle part des personnes accompagnées a répondu : ces chiffres parlent "
    "seulement de celles qui ont répondu."
)
FEW = (
    "Moins de 30 % des personnes accompagnées ont répondu : celles qui ont répondu peuvent ne pas "
    "ressembler aux autres."
)
SOME_FEW = (
    "Pour une partie de ces chiffres, moins de 30 % des personnes accompagnées ont répondu : "
    "celles qui ont répondu peuvent ne pas ressembler aux autres."
)
UNLIKE = "Les personnes qui ont répondu ne ressemblent pas à l’ensemble des personnes accompagnées."
#: What some figures of the section are raised for, worth a sentence for all.
SENTENCES = {
    "W_MEDIATEUR": "Beaucoup ont répondu avec une personne de l’équipe : les réponses peuvent "
    "être plus aimables.",
    "W_RETRO": "« Avant » est un souvenir.",
    "W_ATTRITION": "Des personnes du début n’ont pas répondu à la fin.",
}
DECLARED = "Ce sont des déclarations, sans groupe de comparaison."
#: Where a margin is written: what it is worth.
NOT_DRAWN = "Marges indicatives, sans tirage au sort."
CONTRIBUTION = "La contribution du lieu est déclarée, sans groupe de comparaison."


def limits(told: Sequence[Told], accompanied: Accompanied | None) -> str:
    """Return what to be wary of, for all the figures that people’s answers give."""
    shown = [one.measured.figure for one in told if not one.reason and not one.is_partner]
    if not shown:
        return ""
    raised = {code for figure in shown for code in figure.warnings}
    few = FEW if all("W_TAUX" in figure.warnings for figure in shown) else SOME_FEW
    said = list(_about_who(raised, few if accompanied and accompanied.people else UNKNOWN))
    said += [words for code, words in SENTENCES.items() if code in raised]
    if any(figure.margin is not None for figure in shown):
        said.append(NOT_DRAWN)
    is_told = any(isinstance(one.measure.indicator.formula, Contribution) for one in shown)
    said.append(CONTRIBUTION if is_told else DECLARED)
    return spaced(" ".join(said))


def _about_who(raised: set[str], rate: str) -> Iterator[str]:
    if "W_TAUX" in raised:
        yield rate
    if "W_PROFIL" in raised:
        yield UNLIKE
