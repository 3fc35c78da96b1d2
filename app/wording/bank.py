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
    #: What it is all about: « les liens avec les autres ».
    about: str


class Said(NamedTuple):
    """Be what follows « disent »."""

    words: str
    #: Who is counted, when not everybody is, after « 9 personnes sur 37 » or « 9 réponses sur 37 ».
    base: str = ""
    of_responses: str = ""

    def among(self, unit: str) -> str:
        """Return who is counted, in the words that follow a count; empty when everybody is."""
        if not self.base:
            return ""
        return self.base if unit == "personne" else self.of_responses or f"de personnes {self.base}"


MOVED: Final[Mapping[str, Moved]] = MappingProxyType(
    {
        "autonomie.progression": Moved(
            "plus d’autonomie dans les démarches",
            "moins d’autonomie dans les démarches",
            "l’autonomie dans les démarches",
        ),
        "autonomie.taches_sans_aide": Moved(
            "plus de démarches faites sans aide",
            "moins de démarches faites sans aide",
            "les démarches faites sans aide",
        ),
        "confiance.progression": Moved(
            "plus de confiance avec le numérique",
            "moins de confiance avec le numérique",
            "la confiance avec le numérique",
        ),
        "information.progression": Moved(
            "une information plus souvent trouvée ou vérifiée",
            "une information moins souvent trouvée ou vérifiée",
            "l’information",
        ),
        "cyber.progression": Moved(
            "plus de prudence en ligne",
            "moins de prudence en ligne",
            "la prudence en ligne",
        ),
        "lien.progression": Moved(
            "plus de liens avec les autres",
            "moins de liens avec les autres",
            "les liens avec les autres",
        ),
        "partage.progression": Moved(
            "plus d’aide apportée à d’autres personnes",
            "moins d’aide apportée à d’autres personnes",
            "l’aide apportée à d’autres personnes",
        ),
        "droits.progression": Moved(
            "une meilleure connaissance des droits et des aides",
            "une moins bonne connaissance des droits et des aides",
            "la connaissance des droits et des aides",
        ),
        "insertion.progression": Moved(
            "plus d’autonomie pour chercher un emploi en ligne",
            "moins d’autonomie pour chercher un emploi en ligne",
            "la recherche d’emploi en ligne",
        ),
    }
)

_ASKED = "concernées par une demande d’aide"
_SEEN = "de partenaires qui revoient les personnes adressées"

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
        "nonrecours.demarches": Said("en avoir fait ici une nouvelle", _ASKED),
        "nonrecours.evite": Said(
            "en avoir fait une, qui n’aurait pas été faite sans l’aide de ce lieu",
            _ASKED,
        ),
        "nonrecours.accelere": Said(
            "en avoir fait une, qui aurait été faite plus tard sans l’aide de ce lieu",
            _ASKED,
        ),
        "nonrecours.ouverts": Said(
            "avoir reçu l’aide demandée",
            "dont la demande a eu une réponse",
        ),
        "insertion.sorties": Said(
            "avoir trouvé un emploi, une formation ou un stage",
            "qui en cherchent",
        ),
        "insertion.freins": Said("que ce problème est réglé", "qu’un problème bloquait"),
        "ressource.reperage": Said(
            "vouloir revenir ici en cas de problème",
        ),
        "ressource.bouche_a_oreille": Said("avoir parlé de ce lieu à quelqu’un"),
        "ressource.reorientation": Said(
            "que l’autre lieu indiqué a servi",
            "orientées vers un autre lieu",
        ),
        "satisfaction.globale": Said("que cela s’est bien ou très bien passé"),
        "satisfaction.aide": Said("avoir eu l’aide voulue"),
        "satisfaction.clarte": Said("que les explications étaient claires"),
        "satisfaction.accueil": Said("que l’accueil était bon"),
        "partenaire.obs1": Said("voir chez elles plus d’autonomie", _SEEN, _SEEN),
        "partenaire.obs2": Said("voir chez elles plus de confiance", _SEEN, _SEEN),
        "partenaire.obs3": Said("voir chez elles moins d’isolement", _SEEN, _SEEN),
        "partenaire.obs4": Said("voir des droits ouverts ou rétablis pour elles", _SEEN, _SEEN),
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
