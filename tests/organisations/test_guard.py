"""The law of the desk's addresses: each is guarded, typed, and written in French."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.organisations.conftest import SignIn

#: The only pages of the desk that open without a sign-in.
OPEN = {
    "/espace/connexion",
    "/espace/deconnexion",
    "/espace/invitation",
    "/espace/mot-de-passe-oublie",
}
WORDS = re.compile(r"/[a-z]+(-[a-z]+)*(\.[a-z]+)?")
PARAMETER = re.compile(r"/<(?:(\w+)(?:\([^)]*\))?:)?\w+>(\.[a-z]+)?")


@pytest.fixture
def rules(app: Flask) -> list[Rule]:
    """Return every rule of the desk."""
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/espace")]


def address(rule: Rule) -> str:
    """Return an address that the rule matches."""
    given = re.sub(r"<uuid:\w+>", str(UUID(int=1)), rule.rule)
    return re.sub(r"<(path:)?\w+>", "K7QF3", given)


def test_nobody_enters_without_signing_in(client: FlaskClient, rules: list[Rule]) -> None:
    guarded = [rule for rule in rules if rule.rule not in OPEN]
    for rule in guarded:
        for method in rule.methods - {"OPTIONS"}:
            response = client.open(address(rule), method=method, data={"a": "1"})
            if method in ("GET", "HEAD"):
                assert response.status_code == 302, rule
                assert response.headers["Location"].startswith("/espace/connexion?suite=/espace")
            else:
                assert response.status_code == 401, rule


def test_options_tells_a_stranger_nothing(client: FlaskClient, rules: list[Rule]) -> None:
    for rule in rules:
        if rule.rule not in OPEN:
            assert client.options(address(rule)).status_code == 401


def test_what_writes_asks_for_a_token(client: FlaskClient) -> None:
    for path in OPEN:
        assert client.post(path, data={"a": "1"}).status_code == 400


def test_addresses_are_french_words_and_typed_parameters(rules: list[Rule]) -> None:
    for rule in rules:
        for part in re.findall(r"/[^/]+", rule.rule):
            parameter = PARAMETER.fullmatch(part)
            assert parameter or WORDS.fullmatch(part), rule
            if parameter and parameter[1] is None:
                assert "code" in part, f"{rule}: give the parameter its type"


def test_an_unknown_address_of_the_desk_says_so_to_members_only(
    client: FlaskClient, sign_in: SignIn
) -> None:
    assert client.get("/espace/rien").headers["Location"].startswith("/espace/connexion")
    sign_in()
    page = client.get("/espace/rien")
    assert page.status_code == 404
    assert "Revenir à mon espace" in page.text
