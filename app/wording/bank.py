"""The bank of phrases: what each indicator lets say, in the words that its question supports.

`moved`: what a progression finds more of, and less of. `said`: what a person says (« disent avoir
appris quelque chose »). An indicator that is not here is told in the words of the référentiel.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Moved(NamedTuple):
    """Be what is found more of, and less of, from one moment to the next."""

    more: str
    less: str


class Said(NamedTuple):
    """Be what follows « disent »."""

    words: str
    #: Who is counted, when not everybody is; said beside the figure.
    base: str = ""


MOVED: Final[Mapping[str, Moved]] = MappingProxyType(
    {
        "autonomie.progression": Moved(
            "plus d’autonomie dans les démarches", "moins d’autonomie dans les démarches"
        ),
        "autonomie.taches_sans_aide": Moved(
            "plus de démarches faites sans aide", "moins de démarches faites sans aide"
        ),
        "confiance.progression": Moved(
            "plus de confiance avec le numérique", "moins de confiance avec le numérique"
        ),
        "information.progression": Moved(
            "une information plus souvent trouvée ou vérifiée",
            "une information moins souvent trouvée ou vérifiée",
        ),
        "cyber.progression": Moved("plus de prudence en ligne", "moins de prudence en ligne"),
        "lien.progression": Moved(
            "plus de liens avec les autres", "moins de liens avec les autres"
        ),
        "partage.progression": Moved(
            "plus d’aide apportée à d’autres personnes",
            "moins d’aide apportée à d’autres personnes",
        ),
        "droits.progression": Moved(
            "une meilleure connaissance des droits et des aides",
            "une moins bonne connaissance des droits et des aides",
        ),
        "insertion.progression": Moved(
            "plus d’autonomie pour chercher un emploi en ligne",
            "moins d’autonomie pour chercher un emploi en ligne",
        ),
    }
)

_ASKED = "Seules comptent les personnes concernées par une demande d’aide."

SAID: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "apprentissage.declare": Said("avoir appris quelque chose"),
        "lien.rencontres": Said("avoir rencontré ici de nouvelles personnes"),
        "partage.transmission": Said(
            "avoir montré à quelqu’un ce qui a été appris",
        ),
        "droits.reassurance": Said(
            "être plus à l’aise qu’avant avec les services publics",
        ),
        "nonrecours.decouverte": Said("avoir découvert ici un droit ou une aide"),
        "nonrecours.demarches": Said("avoir fait ici une nouvelle demande d’aide", _ASKED),
        "nonrecours.evite": Said(
            "avoir fait une demande qui n’aurait pas été faite sans cette aide",
            _ASKED,
        ),
        "nonrecours.accelere": Said(
            "avoir fait une demande qui aurait été faite plus tard sans cette aide",
            _ASKED,
        ),
        "nonrecours.ouverts": Said(
            "avoir reçu l’aide demandée",
            "Seules comptent les demandes qui ont eu une réponse.",
        ),
        "insertion.sorties": Said(
            "avoir trouvé un emploi, une formation ou un stage",
            "Seules comptent les personnes qui cherchent.",
        ),
        "insertion.freins": Said("qu’un problème qui bloquait est réglé"),
        "ressource.reperage": Said(
            "vouloir revenir ici en cas de problème",
        ),
        "ressource.bouche_a_oreille": Said("avoir parlé de ce lieu à quelqu’un"),
        "ressource.reorientation": Said(
            "que l’autre lieu indiqué a servi",
            "Seules comptent les personnes orientées vers un autre lieu.",
        ),
        "satisfaction.globale": Said("que cela s’est bien ou très bien passé"),
        "satisfaction.aide": Said("avoir eu l’aide voulue"),
        "satisfaction.clarte": Said("que les explications étaient claires"),
        "satisfaction.accueil": Said("que l’accueil était bon"),
        "partenaire.obs1": Said(
            "voir plus d’autonomie chez les personnes adressées",
        ),
        "partenaire.obs2": Said(
            "voir plus de confiance chez les personnes adressées",
        ),
        "partenaire.obs3": Said(
            "voir moins d’isolement chez les personnes adressées",
        ),
        "partenaire.obs4": Said(
            "voir des droits ouverts ou rétablis pour les personnes adressées",
        ),
        "ressource.orientation": Said(
            "orienter souvent des personnes vers ce lieu",
        ),
        "ressource.sans_alternative": Said(
            "manquer d’une autre solution proche à proposer, sans ce lieu",
        ),
        "associatif.progression": Said(
            "que l’équipe est plus à l’aise qu’avant avec le numérique",
        ),
        "associatif.actions": Said(
            "avoir lancé une action nouvelle, née de cette coopération",
        ),
        "associatif.publics": Said(
            "toucher de nouveaux publics par cette coopération",
        ),
    }
)

#: What tells the most of a critère, said before the others of the same critère.
FIRST: Final = (
    "nonrecours.evite",
    "autonomie.progression",
    "confiance.progression",
    "lien.progression",
    "droits.progression",
    "cyber.progression",
    "information.progression",
    "partage.progression",
    "insertion.sorties",
    "insertion.progression",
    "satisfaction.globale",
    "apprentissage.declare",
    "lien.rencontres",
    "nonrecours.decouverte",
    "nonrecours.demarches",
    "nonrecours.accelere",
    "nonrecours.ouverts",
    "droits.reassurance",
    "partage.transmission",
    "ressource.reperage",
    "ressource.sans_alternative",
)

#: When a moment of an apparié questionnaire is: « … à la fin qu’au début ». No pair of moments
#: starts from « suivi »: what is compared to always begins with a vowel.
WHEN: Final[Mapping[str, str]] = MappingProxyType(
    {"entree": "au début", "sortie": "à la fin", "suivi": "quelques mois après"}
)
