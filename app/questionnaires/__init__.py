"""What can be asked: YAML read into frozen, checked, versioned objects. No Flask, no database."""

from app.questionnaires.definition import Questionnaire, Wording
from app.questionnaires.library import Library, load_library, read_file, read_frozen
from app.questionnaires.posting import Posted, read_posted
from app.questionnaires.problems import Problem, SurveyErrors
from app.questionnaires.translations import FRENCH, LANGUAGES, Language, french_wording

__all__ = [
    "FRENCH",
    "LANGUAGES",
    "Language",
    "Library",
    "Posted",
    "Problem",
    "Questionnaire",
    "SurveyErrors",
    "Wording",
    "french_wording",
    "load_library",
    "read_file",
    "read_frozen",
    "read_posted",
]
