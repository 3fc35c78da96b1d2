"""« Comment c'est calculé », and what each warning means and asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.questionnaires.definition import Method
from app.scoring.sentences import half_up, spaced


class MethodWords(NamedTuple):
    """Name a method, and say in one sentence what it compares."""

    name: str
    sentence: str


METHODS: Mapping[Method, MethodWords] = {
    "A": MethodWords(
        "apparié",
        "Les réponses de chaque personne aux deux moments sont reliées par une carte à code, "
        "sans nom.",
    ),
    "B": MethodWords(
        "rétrospectif",
        spaced(
            "Chaque personne répond une seule fois : pour maintenant, puis pour « avant de venir "
            "ici »."
        ),
    ),
    "C": MethodWords(
        "après seulement",
        "Les personnes répondent après être venues, sans point de départ auquel comparer.",
    ),
}


class Advice(NamedTuple):
    """Say what a warning means, and what to do about it."""

    meaning: str
    remedy: str


def _advice(meaning: str, remedy: str) -> Advice:
    return Advice(spaced(meaning), spaced(remedy))


WARNINGS: Mapping[str, Advice] = {
    "W_PETIT_N": _advice(
        "Moins de 20 réponses : ce résultat peut beaucoup changer avec quelques réponses de plus.",
        "Donnez les effectifs plutôt qu’un pourcentage.",
    ),
    "W_TAUX": _advice(
        "Moins de 30 % des personnes accompagnées ont répondu, ou leur nombre n’est pas connu.",
        "Écrivez à côté combien de personnes ont été accompagnées, et ne parlez pas pour toutes.",
    ),
    "W_PROFIL": _advice(
        "Les personnes qui ont répondu ne ressemblent pas à l’ensemble des personnes accompagnées.",
        "Dites qui manque parmi les réponses.",
    ),
    "W_MEDIATEUR": _advice(
        "Au moins 40 % des réponses ont été choisies avec une personne de l’équipe : elles "
        "peuvent être plus aimables.",
        "Dites-le à côté du résultat, et proposez de répondre seul la prochaine fois.",
    ),
    "W_PLAFOND": _advice(
        "Au moins une personne sur quatre était déjà au maximum au départ et ne pouvait pas "
        "progresser.",
        "Ne lisez pas leur stabilité comme un échec.",
    ),
    "W_ATTRITION": _advice(
        "Beaucoup de personnes du début n’ont pas répondu ensuite, ou celles qui sont revenues "
        "n’étaient pas comme les autres au départ.",
        "Écrivez combien de personnes ont été perdues de vue.",
    ),
    "W_RETRO": _advice(
        "« Avant » est un souvenir : on se rappelle souvent un point de départ plus bas.",
        "Précisez que la comparaison est rétrospective.",
    ),
    "W_VERSION": _advice(
        "Plusieurs versions du questionnaire sont réunies dans ce résultat.",
        "Vérifiez que rien d’important n’a changé entre les versions.",
    ),
    "W_LANGUE": _advice(
        "Des personnes ont répondu dans une traduction que personne n’a relue.",
        "Faites relire la traduction par quelqu’un qui parle cette langue.",
    ),
    "W_NSP": _advice(
        "Au moins une question est restée sans réponse pour 20 % des personnes ou plus.",
        "Regardez quelle question est mal comprise ou gênante.",
    ),
    "W_ALPHA": _advice(
        "Les questions de cet indicateur ne vont pas bien ensemble (alpha inférieur à 0,6).",
        "Lisez plutôt chaque question séparément.",
    ),
}


#: A warning in the few words that stand beside a figure; `WARNINGS` says the rest, once.
IN_SHORT: Mapping[str, str] = {
    code: spaced(words)
    for code, words in {
        "W_PETIT_N": "moins de 20 réponses",
        "W_TAUX": "part des personnes qui ont répondu faible ou inconnue",
        "W_PROFIL": "profil différent des personnes accompagnées",
        "W_MEDIATEUR": "souvent répondu avec l’équipe",
        "W_PLAFOND": "beaucoup étaient déjà au maximum",
        "W_ATTRITION": "tout le monde n’est pas revenu",
        "W_RETRO": "« avant » est un souvenir",
        "W_VERSION": "plusieurs versions réunies",
        "W_LANGUE": "traduction non relue",
        "W_NSP": "une question souvent sans réponse",
        "W_ALPHA": "questions qui vont mal ensemble",
    }.items()
}


#: What a margin never says by itself (rule 17).
NOT_A_SAMPLE = spaced(
    "Marge indicative : les réponses reçues par QR code ne sont pas un échantillon tiré au hasard."
)


def margin_words(margin: float | None) -> str:
    """Write an indicative margin: « ± 12 points »."""
    if margin is None:
        return "marge non calculée"
    return f"± {int(half_up(100 * margin))} points"


def measured_by(k: int) -> str:
    """Say how many questions measure an indicator."""
    return f"mesuré par {k} question{'s' if k > 1 else ''}"
