"""What Recueil ships to ask: its ids are contracts, its critères are whole, its documents true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.questionnaires import Library, load_library, read_file
from app.questionnaires.definition import NC, Questionnaire
from app.questionnaires.formulas import Part
from app.questionnaires.pictograms import FACES
from config import PROJECT

SURVEYS = PROJECT / "surveys"
GUIDE = (PROJECT / "docs" / "questionnaires.md").read_text("utf-8")

#: The résultat indicators of the Hub Bretagne frame.
CRITERIA = {
    "autonomie": "Acquisition de compétences et autonomie",
    "confiance": "Confiance et estime de soi",
    "information": "Accès à l’information",
    "cyber": "Limiter les risques de cyber-malveillance",
    "lien": "Liens sociaux",
    "partage": "Partage de savoirs",
    "nonrecours": "Accès aux droits, diminuer le non-recours",
    "insertion": "Insertion professionnelle",
    "ressource": "Nouveau lieu ressource pour le territoire",
    "associatif": "Développement associatif",
}
INDICATORS = (
    "autonomie.progression autonomie.taches_sans_aide autonomie.contribution apprentissage.declare "
    "confiance.progression confiance.contribution information.progression cyber.progression "
    "lien.progression lien.rencontres lien.contribution partage.transmission partage.progression "
    "droits.progression droits.contribution droits.reassurance "
    "nonrecours.decouverte nonrecours.demarches nonrecours.evite nonrecours.accelere "
    "nonrecours.motifs nonrecours.ouverts "
    "insertion.sorties insertion.progression insertion.freins "
    "ressource.reperage ressource.bouche_a_oreille ressource.reorientation ressource.orientation "
    "ressource.sans_alternative associatif.progression associatif.actions associatif.publics "
    "satisfaction.globale satisfaction.aide satisfaction.clarte satisfaction.accueil "
    "partenaire.obs1 partenaire.obs2 partenaire.obs3 partenaire.obs4"
)
QUESTIONS = {
    "satisfaction": "sat1 sat2 sat3 sat4 fla1 res1 res2 reo1 reo2 frein_jour mot mode"
    " age genre statut",
    "progres": "hum1 aut1 aut2 aut3 aut4 con1 con2 con3 con4 lie1 lie2 lie3 lie4 lie5"
    " dro1 dro2 dro3 dro4 dro5 dro6 dro7 pub1 att_autonomie att_confiance att_lien att_droits"
    " cyb1 cyb2 cyb3 inf1 inf2 ins1 ins2 ins3 ins4 par1 par2 res2 reo1 reo2 frein mode"
    " age genre statut",
    "progres_retrospectif": "hum1 aut1 aut3 con1 con4 lie2 lie3 dro1 dro2 dro4 dro5 dro6"
    " att_autonomie att_confiance att_lien att_droits frein mode age genre statut",
    "temoignage": "recit themes",
    "partenaire": "type res3 res4 obs1 obs2 obs3 obs4 dev1 dev2 dev3 exemple attente",
}
#: What is asked by default, in order.
SHORT_FORMS = {
    ("satisfaction", "unique"): "sat1 sat2 sat3 sat4 fla1 res1 frein_jour mode",
    ("progres", "entree"): "hum1 aut3 aut1 con1 lie2 dro1 mode",
    ("progres", "sortie"): "hum1 aut3 aut1 att_autonomie con1 att_confiance lie2 att_lien dro1"
    " att_droits dro4 dro5 frein mode",
    ("progres", "suivi"): "hum1 aut3 aut1 att_autonomie con1 att_confiance lie2 att_lien dro1"
    " att_droits dro7 frein mode",
    ("progres_retrospectif", "unique"): "hum1 aut3 con1 lie2 dro1 att_autonomie att_confiance"
    " att_droits avant:aut3 avant:con1 avant:lie2 avant:dro1 frein mode",
    ("temoignage", "unique"): "recit themes",
    ("partenaire", "unique"): "type res3 obs1 obs2 obs3 obs4 exemple",
}
#: Codes by which figures of La Coop stand beside ours.
COOP = {
    "age": "moins_de_douze douze_dix_huit dix_huit_vingt_quatre vingt_cinq_trente_neuf"
    " quarante_cinquante_neuf soixante_soixante_neuf soixante_dix_plus",
    "genre": "feminin masculin",
    "statut": "scolarise sans_emploi en_emploi retraite",
    "type": "administration mediation_numerique operateur_ou_organisme_en_charge aide_sociale"
    " insertion_professionnelle aide_aux_demarches_administratives autre",
}


@pytest.fixture(scope="module")
def shipped() -> Library:
    return load_library(SURVEYS)


def every(library: Library) -> list[Questionnaire]:
    return list(library.questionnaires.values())


def test_each_critere_of_the_frame_has_indicators(shipped: Library) -> None:
    found: dict[str, str] = {}
    for questionnaire in every(shipped):
        for register in questionnaire.registers:
            for criterion in register.criteria:
                assert criterion.indicators
                found[criterion.id] = criterion.title.fr
    assert found == CRITERIA | {"satisfaction": "Satisfaction des personnes"}


def test_each_indicator_is_produced_by_a_questionnaire(shipped: Library) -> None:
    produced = {name for questionnaire in every(shipped) for name in questionnaire.indicators}
    assert produced == set(INDICATORS.split())


def test_each_share_has_a_sentence(shipped: Library) -> None:
    for questionnaire in every(shipped):
        for indicator in questionnaire.indicators.values():
            if isinstance(indicator.formula, Part):
                assert indicator.says, indicator.id


@pytest.mark.parametrize("name", QUESTIONS)
def test_ids_of_questions_are_contracts(shipped: Library, name: str) -> None:
    assert set(shipped.questionnaires[name].questions) == set(QUESTIONS[name].split())


@pytest.mark.parametrize(("name", "wave"), SHORT_FORMS)
def test_the_short_form_asks_just_this(shipped: Library, name: str, wave: str) -> None:
    passing = shipped.questionnaires[name].passing(wave)
    assert [posed.key for posed in passing.posed] == SHORT_FORMS[name, wave].split()
    assert f"{len(passing.screens)} écrans, {passing.minutes} minutes" in GUIDE


def test_the_public_is_met_with_faces(shipped: Library) -> None:
    for questionnaire in every(shipped):
        if questionnaire.audience == "usager" and not questionnaire.collects_testimonies:
            for wave in questionnaire.waves:
                first = wave.screens[0].posed[0].question
                assert {option.pictogram for option in first.options} == set(FACES)


@pytest.mark.parametrize("name", COOP)
def test_profiles_and_partners_speak_like_la_coop(shipped: Library, name: str) -> None:
    question = next(q.questions[name] for q in every(shipped) if name in q.questions)
    assert {option.code for option in question.options} == set(COOP[name].split())
    assert question.asides == ("refus",)


def test_not_concerned_is_offered_only_where_it_can_be(shipped: Library) -> None:
    offered = {
        question.id
        for questionnaire in every(shipped)
        for question in questionnaire.questions.values()
        if NC in question.asides
    }
    assert offered == {"ins1", "ins2", "ins4", "obs1", "obs2", "obs3", "obs4"}


def test_what_can_hurt_is_sensitive(shipped: Library) -> None:
    questions = shipped.questionnaires["progres"].questions.values()
    sensitive = {question.id for question in questions if question.sensitive}
    assert sensitive == {"lie4", "dro6", "dro7", "ins3", "ins4"}


def test_a_theme_is_called_as_its_critere_is_called_in_public(shipped: Library) -> None:
    themes = shipped.questionnaires["temoignage"].questions["themes"].options
    titles = {
        criterion.public_title.fr
        for questionnaire in every(shipped)
        for register in questionnaire.registers
        for criterion in register.criteria
        if criterion.id in CRITERIA
    }
    assert {option.text.fr for option in themes} == titles | {"Autre chose"}


def test_arabic_is_whole_for_partners_too(shipped: Library) -> None:
    for questionnaire in every(shipped):
        assert shipped.wording(questionnaire, "ar") is not None, questionnaire.id


def test_both_interfaces_say_the_same_things(shipped: Library) -> None:
    french, arabic = shipped.interface("fr").words, shipped.interface("ar").words
    assert french.keys() == arabic.keys()
    for key, words in french.items():
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", arabic[key])), key


def test_shown_words_use_the_curly_apostrophe(shipped: Library) -> None:
    for questionnaire in every(shipped):
        wording = shipped.wording(questionnaire, "fr")
        assert wording is not None
        assert [words for words in wording.texts.values() if "'" in words] == []
    assert [words for words in shipped.interface("fr").words.values() if "'" in words] == []


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    example = re.search(r"<!-- exemple -->\n```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    path = tmp_path / "mon_atelier.yaml"
    path.write_text(example[1], "utf-8")
    questionnaire = read_file(path, SURVEYS)
    assert "photo.sans_aide" in questionnaire.indicators
    assert questionnaire.passing("unique").minutes == 1
