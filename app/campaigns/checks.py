"""What must hold before a campaign opens, and what to say when it does not."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from app.campaigns.doors import DOORS, PHONE, TABLET
from app.campaigns.periods import is_whole_months
from app.web.typography import plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from app.organisations.models import Lieu, Notice
    from app.questionnaires import Library
    from app.questionnaires.definition import Form, Questionnaire

FORMS = ("courte", "longue")
#: At most so many questions at one time. More than five minutes tire whoever reads slowly, and
#: the page must stay under 10 kB on a poor network: measured with 28, and some room for names.
MOST_QUESTIONS = 28
#: More is long for the public: to compare before and now, or only to ask.
LONG_COMPARED, LONG = 14, 8
NOTICE_FIELDS = {
    "readers": "Qui lit ?",
    "purpose": "Pourquoi ?",
    "legal_basis": "Base légale",
    "recipients": "Destinataires",
    "rights_contact": "Contact pour vos droits",
}


class CampaignError(Exception):
    """Say in French why something cannot be done, and what to do about it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        #: What the reason is about: a field of the form, or an option of the command.
        self.field = field


def known_questionnaire(library: Library, name: str) -> Questionnaire:
    """Return the questionnaire of an id, or refuse it."""
    check_choice("questionnaire", "Le questionnaire", [name], library.questionnaires)
    return library.questionnaires[name]


def check_notice(notice: Notice | None) -> None:
    """Refuse while a field of the notice is empty: people must be told before they answer."""
    empty = [
        f"« {label} »"
        for field, label in NOTICE_FIELDS.items()
        if notice is None or not getattr(notice, field).strip()
    ]
    if empty:
        raise CampaignError(
            "notice",
            f"La notice est incomplète : il manque {', '.join(empty)}. "
            "Remplissez-la dans « Réglages », onglet « Notice », puis ouvrez la campagne.",
        )


def check_period(starts_on: date, ends_on: date) -> None:
    """Refuse a period that is reversed, or not made of whole months."""
    if ends_on < starts_on:
        raise CampaignError("ends_on", "La période est à l’envers : la fin vient avant le début.")
    if not is_whole_months(starts_on, ends_on):
        raise CampaignError(
            "ends_on", "Une campagne couvre des mois entiers, du 1er au dernier jour."
        )


def check_doors(questionnaire: Questionnaire, doors: Sequence[str]) -> None:
    """Refuse no door, an unknown one, or a door that is not for those a questionnaire asks."""
    if not doors:
        raise CampaignError("doors", f"Choisissez au moins une porte : {', '.join(DOORS)}.")
    check_choice("doors", "La porte", doors, DOORS)
    for door in doors:
        if DOORS[door].audience == "partenaire" and questionnaire.audience != "partenaire":
            raise CampaignError(
                "doors",
                f"La porte « {door} » est pour un questionnaire partenaire ; "
                f"« {questionnaire.title.fr} » s’adresse au public. Choisissez une autre porte.",
            )
        if DOORS[door].group in (PHONE, TABLET) and questionnaire.audience == "partenaire":
            raise CampaignError(
                "doors",
                f"« {DOORS[door].label} » s’adresse au public, et « {questionnaire.title.fr} » aux "
                "partenaires. Décochez-la, et cochez « Le lien du partenaire ».",
            )


def check_lieu(lieu: Lieu | None, organisation_id: UUID) -> None:
    """Refuse a lieu that is not the structure's; another's is as unknown as none."""
    if lieu is None or lieu.organisation_id != organisation_id:
        raise CampaignError("lieu", "Ce lieu n’existe pas. Choisissez l’un de vos lieux.")


def check_asked(
    questionnaire: Questionnaire, form: str, modules: Sequence[str], waves: Sequence[str]
) -> None:
    """Refuse a form, a module or a moment that the questionnaire has not, or too much at once."""
    check_choice("form", "La forme", [form], FORMS)
    check_choice("modules", "Le module", modules, [one.id for one in questionnaire.modules])
    check_choice("waves", "Le moment", waves, [wave.id for wave in questionnaire.waves])
    check_length(questionnaire, cast("Form", form), modules, waves)


def check_length(
    questionnaire: Questionnaire, form: Form, modules: Sequence[str], waves: Sequence[str]
) -> None:
    """Refuse more questions at one time than a person can bear, and say what to take out."""
    asked = {
        wave.title.fr: len(questionnaire.passing(wave.id, form, tuple(modules)).posed)
        for wave in questionnaire.waves
        if wave.id in waves or not waves
    }
    moment, questions = max(asked.items(), key=lambda one: one[1])
    if questions <= MOST_QUESTIONS:
        return
    when = f"« {moment} », il" if len(questionnaire.waves) > 1 else "Il"
    ways = ["retirez des questions en plus"] if modules else []
    ways += ["choisissez la forme courte"] if form == "longue" else []
    raise CampaignError(
        "modules" if modules else "form",
        f"{when} y aurait {questions} questions : c’est trop à la fois, {MOST_QUESTIONS} au plus. "
        f"Pour ouvrir, {' ou '.join(ways) or 'raccourcissez le questionnaire'}.",
    )


def too_long(questionnaire: Questionnaire, form: str, modules: Sequence[str]) -> str:
    """Say that so many questions are long for the public, which is no refusal; else nothing."""
    passings = [
        questionnaire.passing(wave.id, cast("Form", form), tuple(modules))
        for wave in questionnaire.waves
    ]
    longest = max(passings, key=lambda passing: len(passing.posed))
    questions = len(longest.posed)
    is_compared = len(passings) > 1 or any(posed.before for posed in longest.posed)
    if questionnaire.audience != "usager" or questions <= (LONG_COMPARED if is_compared else LONG):
        return ""
    minutes = plural(longest.minutes, "minute")
    return f"{plural(questions, 'question')}, environ {minutes} : c’est long pour le public."


def check_choice(field: str, what: str, chosen: Iterable[str], known: Collection[str]) -> None:
    """Refuse what is not known, naming what is near, or all there is."""
    for choice in chosen:
        if choice in known:
            continue
        near = get_close_matches(choice, known, n=2, cutoff=0.6)
        advice = (
            f"Vouliez-vous dire {' ou '.join(f'« {name} »' for name in near)} ?"
            if near
            else f"Il y a : {', '.join(known) or 'aucun'}."
        )
        raise CampaignError(field, f"{what} « {choice} » n’existe pas. {advice}")
