"""« Ce que chacun peut faire »: said to people, and kept true to the pages by a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.organisations.roles import ADMINISTRATEUR, COORDINATEUR, MEDIATEUR, RESPONSABLE, TEAM, Role

_NOTED = "oui, noté au journal"
_MY_LIEUX = "oui, dans ses lieux"


@dataclass(frozen=True, slots=True)
class Right:
    """Be one thing that is done here, and what each role is told of it."""

    words: str
    #: The page by which it is done: its roles are those that may.
    endpoint: str
    roles: tuple[Role, ...]
    #: What is said instead of « oui ».
    said: Mapping[Role, str] = field(default_factory=dict)

    def of(self, role: Role) -> str:
        """Say whether a role may, in a word or two."""
        return self.said.get(role, "oui") if role in self.roles else "non"


RIGHTS = (
    Right(
        "Ouvrir une campagne, imprimer",
        "espace.nouvelle_campagne",
        TEAM,
        {MEDIATEUR: _MY_LIEUX},
    ),
    Right(
        "Voir les indicateurs",
        "espace.indicateurs",
        TEAM,
        {MEDIATEUR: _MY_LIEUX},
    ),
    Right(
        "Lire les réponses et les commentaires",
        "espace.reponses",
        TEAM,
        {RESPONSABLE: _NOTED, MEDIATEUR: "oui, dans ses lieux, noté au journal"},
    ),
    Right(
        "Exporter réponse par réponse",
        "espace.envoyer_export",
        (RESPONSABLE,),
        {RESPONSABLE: _NOTED},
    ),
    Right("Effacer une réponse", "espace.effacer_reponse", (RESPONSABLE,)),
    Right("Écrire un bilan", "espace.nouveau_bilan", TEAM, {MEDIATEUR: _MY_LIEUX}),
    Right("Arrêter un bilan", "espace.arreter_ce_bilan", (RESPONSABLE,)),
    Right("Arrêter les chiffres d’un mois", "espace.arreter_les_mois", (RESPONSABLE,)),
    Right(
        "Voir ensemble les chiffres arrêtés de plusieurs structures",
        "espace.consolide",
        (COORDINATEUR,),
        {COORDINATEUR: "oui, si elles l’ont accepté"},
    ),
    Right("Changer la notice", "espace.notice", (RESPONSABLE,)),
    Right("Inviter, changer un rôle, fermer un accès", "espace.equipe", (RESPONSABLE,)),
    Right("Lire le journal des accès", "espace.journal", (RESPONSABLE,)),
    Right("Créer une structure", "espace.nouvelle_structure", (ADMINISTRATEUR,)),
)
