"""`recueil organisations create`."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.organisations import actions
from app.organisations.cli import organisations
from app.organisations.models import Lieu, Organisation
from app.organisations.passwords import hash_password
from config import Keys
from tests.organisations.conftest import EMAIL, SignIn


def test_create_prints_an_invitation_that_works(app: Flask, database: Database, keys: Keys) -> None:
    result = app.test_cli_runner().invoke(
        organisations,
        ["create", "L’Escale", "--email", "sam@example.fr", "--lieu", "Mairie", "--lieu", "Annexe"],
    )
    assert result.exit_code == 0
    assert "sam@example.fr sera imprimé sur les affiches" in result.stderr
    link = re.findall(r"invitation  (\S+)", result.output)[0]
    address, token = link.split("#")
    assert address == "http://localhost:8000/espace/invitation"
    with database.writing() as session:
        person = actions.invited(session, keys, token)
        assert person is not None
        assert person.email == "sam@example.fr"
        assert set(session.scalars(select(Lieu.name))) == {"Mairie", "Annexe"}


def test_a_refusal_is_in_french_and_writes_nothing(app: Flask, database: Database) -> None:
    result = app.test_cli_runner().invoke(
        organisations, ["create", "L’Escale", "--email", "pas-une-adresse"]
    )
    assert result.exit_code == 2
    assert "n’est pas une adresse e-mail" in result.output
    with database.reading() as session:
        assert session.scalars(select(Organisation)).all() == []


def test_invite_lets_somebody_choose_a_password_again(
    app: Flask, database: Database, keys: Keys, sign_in: SignIn
) -> None:
    result = app.test_cli_runner().invoke(organisations, ["invite", EMAIL.upper()])
    token = re.findall(r"/espace/invitation#(\S+)", result.output)[0]
    with database.writing() as session:
        person = actions.invited(session, keys, token)
        assert person is not None
        actions.accept_invitation(session, person, hash_password("autre phrase assez longue"))
    assert sign_in().status_code == 422
    assert sign_in(password="autre phrase assez longue").status_code == 303


def test_nobody_unknown_is_invited(app: Flask) -> None:
    result = app.test_cli_runner().invoke(organisations, ["invite", "inconnue@example.fr"])
    assert result.exit_code == 2
    assert "Personne n’utilise" in result.output
