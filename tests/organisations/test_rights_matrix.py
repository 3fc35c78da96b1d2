"""Every page of the desk × every method × everybody × what belongs to somebody else: no leak.

New pages are walked as soon as they exist. A page with a parameter of a new kind fails here until
PARAMETERS says what it names in a structure.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.bilan.drafting import create_bilan, write_text
from app.bilan.frames import Frame
from app.campaigns.actions import open_campaign
from app.campaigns.queries import plan_of
from app.db import Base, Database
from app.indicators.period import Period
from app.media.models import MediaFile
from app.media.store import Store, new_key
from app.organisations.actions import add_lieu, create_organisation, create_person, set_password
from app.organisations.guard import roles_of
from app.organisations.models import Lieu, Person
from app.organisations.queries import Reach
from app.organisations.roles import (
    ADMINISTRATEUR,
    COORDINATEUR,
    EVERYONE,
    MEDIATEUR,
    RESPONSABLE,
    Role,
)
from app.organisations.team import change_role, share_with
from app.partners.actions import add_partner, invite
from app.questionnaires import Library
from app.responses.models import Response
from app.testimonies.cutting import stretches
from app.testimonies.models import QuoteUse, Testimony
from app.testimonies.quotes import cut
from app.testimonies.recordings import join
from app.web.current import today
from config import Keys
from tests.organisations.conftest import PASSWORD, Entered, token_of
from tests.responses.conftest import Sender
from tests.testimonies.teller import EVERYWHERE, Teller

#: What a parameter names, by the beginning of the address (the longest wins) and by its name.
PARAMETERS = {
    ("/espace/bilan", "bilan_id"): "bilan",
    ("/espace/bilan", "name"): "drawing",
    ("/espace/campagnes", "campaign_id"): "campaign",
    ("/espace/campagnes", "code"): "link",
    ("/espace/indicateurs", "code"): "indicator",
    ("/espace/installation", "organisation_id"): "organisation",
    ("/espace/installation", "person_id"): "responsable",
    ("/espace/partenaires", "partner_id"): "partner",
    ("/espace/questionnaires", "code"): "questionnaire",
    ("/espace/reglages/equipe", "person_id"): "mediateur",
    ("/espace/reglages/equipe/partage", "person_id"): "coordinateur",
    ("/espace/reglages/lieux", "lieu_id"): "lieu",
    ("/espace/reponses", "response_id"): "response",
    ("/espace/temoignages", "media_id"): "media",
    ("/espace/temoignages", "testimony_id"): "testimony",
    ("/espace/temoignages/citations", "quote_id"): "quote",
    ("/espace/temoignages/publications", "use_id"): "use",
    ("/espace", "_rest"): "nowhere",
}
#: The same for every structure: what Recueil ships.
SHIPPED = {
    "drawing": "portes",
    "indicator": "satisfaction.globale",
    "questionnaire": "satisfaction",
    "nowhere": "nulle-part",
}
#: What the whole team of a structure knows, whatever its lieux: what hangs on it has a reach.
SHARED = {"partner"}
UNKNOWN = {"link": "ZZZZ9"}
NOBODY = str(UUID(int=0))
#: Filters that name something of a structure, in an address.
FILTERS = {
    "campagne": "campaign",
    "comme": "campaign",
    "lieu": "lieu",
    "partenaire": "partner",
    "personne": "mediateur",
    "porte": "link",
}
#: Fields that do, in a form; the others let the form reach the place where it is looked for.
FIELDS = {"campagne": "campaign", "lieu": "lieu", "lieux": "lieu", "personne": "mediateur"}
FILLED = {
    "questionnaire": "satisfaction",
    "first": "2026-01",
    "last": "2026-12",
    "doors": "affiche",
    "form": "courte",
    "role": "mediateur",
    "portee": "lieux",
    "count": "2",
    "language": "en",
    "on": "1",
    "partie": "suite",
    "texte": "Le jeudi",
}
#: What other people's pages never show: words of one structure, and of a lieu out of reach.
FOREIGN, PUBLIC, OUT_OF_REACH = "Zqxforeign", "Zqxknown", "Zqxfar"
DAY = date(2026, 3, 10)
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Structure:
    """Be what one structure owns, by the names of PARAMETERS."""

    ids: dict[str, str]


@dataclass(frozen=True)
class Visitor:
    """Be somebody at the door of the desk."""

    name: str
    role: Role | None
    client: FlaskClient
    cookie: str
    token: str

    def ask(self, address: str, method: str, form: dict[str, str]) -> TestResponse:
        """Ask as if nothing had been asked before."""
        self.client.delete_cookie("recueil")
        if self.cookie:
            self.client.set_cookie("recueil", self.cookie)
        data = {**form, "csrf_token": self.token} if method in WRITES else None
        return self.client.open(address, method=method, data=data)


@dataclass(frozen=True)
class World:
    """Be two structures full of answers, and everybody who may come."""

    app: Flask
    database: Database
    ours: Structure
    theirs: Structure
    visitors: tuple[Visitor, ...]
    rules: tuple[Rule, ...]

    def visitor(self, role: Role) -> Visitor:
        """Return the first visitor of a role."""
        return next(one for one in self.visitors if one.role == role)

    def view(self, rule: Rule) -> Callable[..., Any]:
        """Return the page behind an address."""
        return self.app.view_functions[rule.endpoint]


@pytest.fixture
def world(app: Flask, database: Database, library: Library, keys: Keys, entered: Entered) -> World:
    ours = structure(database, library, keys, "Le Fil", "fil", OUT_OF_REACH)
    theirs = structure(database, library, keys, f"Escale {PUBLIC}", "escale", FOREIGN)
    with database.writing() as session:
        here = UUID(ours.ids["organisation"])
        annexe = add_lieu(session, here, "Annexe")
        limited = person(session, here, "limite", MEDIATEUR)
        change_role(session, limited, MEDIATEUR, [annexe.id])
        person(session, None, "administrateur", ADMINISTRATEUR)
    signed_out = app.test_client()
    token = token_of(signed_out.get("/espace/connexion").text)
    found = signed_out.get_cookie("recueil")
    visitors = [Visitor("signed out", None, signed_out, found.value if found else "", token)]
    for name, role in (
        ("fil.responsable", RESPONSABLE),
        ("fil.mediateur", MEDIATEUR),
        ("limite", MEDIATEUR),
        ("fil.coordinateur", COORDINATEUR),
        ("administrateur", ADMINISTRATEUR),
    ):
        client = entered(f"{name}@example.fr")
        token = token_of(client.get("/espace/compte").text)
        found = client.get_cookie("recueil")
        assert found is not None
        visitors.append(Visitor(name, role, client, found.value, token))
    rules = tuple(rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/espace"))
    return World(app, database, ours, theirs, tuple(visitors), rules)


def structure(
    database: Database, library: Library, keys: Keys, name: str, short: str, word: str
) -> Structure:
    """Write a structure that has one of everything; `word` stands in its contents."""
    with database.writing() as session:
        made = create_organisation(session, name, contact="2 quai Neuf")
        lieu = add_lieu(session, made.id, f"Lieu {word}")
        campaign = open_campaign(
            session, library, made.id, questionnaire="satisfaction", lieu_id=lieu.id,
            starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
            doors=("affiche", "borne", "papier"), action=f"Atelier {word}", today=DAY,
        )  # fmt: skip
        link, *others = sorted(campaign.links, key=lambda one: one.door)
        texts = {
            posed.key: f"{word} merci"
            for posed in plan_of(session, campaign).passings[link.wave].posed
            if posed.question.kind.is_text
        }
        responsable = person(session, made.id, f"{short}.responsable", RESPONSABLE)
        mediateur = person(session, made.id, f"{short}.mediateur", MEDIATEUR, word)
        email = f"{short}.coordinateur@example.fr"
        coordinateur, _ = share_with(session, keys, made.id, email, f"Coordination {word}")
        set_password(session, coordinateur, PASSWORD)
        partner = add_partner(session, made.id, f"Partenaire {word}", "autre", today=DAY)
        asking = open_campaign(
            session, library, made.id, questionnaire="partenaire", lieu_id=lieu.id,
            starts_on=date(2026, 1, 1), ends_on=date(today().year, 12, 31),
            doors=("partenaire",), action=f"Atelier {word}", today=DAY,
        )  # fmt: skip
        invite(session, keys, partner, asking.links[0], DAY)
        year = Frame(Period("2026-01", "2026-12"))
        bilan = create_bilan(session, Reach(made.id), year, responsable.id, DAY)
        write_text(session, keys, bilan, "suite", f"Avec {word}", "", responsable.id, DAY)
    sender = Sender(database, keys, Random(1))
    sender.send(link, texts=texts)
    for other in others:  # enough for a bilan to draw by which doors they came
        for _ in range(5):
            sender.send(other)
    with database.reading() as session:
        response = session.scalars(select(Response).where(Response.link_id == link.id)).one()
    ids = {
        "organisation": made.id, "lieu": lieu.id, "campaign": campaign.id, "link": link.code,
        "responsable": responsable.id, "mediateur": mediateur.id,
        "coordinateur": coordinateur.id, "response": response.id, "partner": partner.id,
        "bilan": bilan.id,
        **quoted(database, keys, lieu, responsable.id, word),
    }  # fmt: skip
    return Structure({**{name: str(found) for name, found in ids.items()}, **SHIPPED})


def quoted(
    database: Database, keys: Keys, lieu: Lieu, person_id: UUID, word: str
) -> dict[str, UUID]:
    """Write a testimony, a quote of it, and where that is shown."""
    text = f"Avant, {word} ne marchait pas."
    given: Any = {**EVERYWHERE, "garder_media": "oui"}
    told = Teller(database, keys, lieu).tell(text, given, day=today() - timedelta(days=9))
    with database.writing() as session:
        testimony = session.get_one(Testimony, told)
        made = cut(session, keys, testimony, stretches(text), "lien", person_id, today())
        place = f"Affiche {word}"
        use = QuoteUse(
            organisation_id=lieu.organisation_id, testimony_id=told, quote_id=made.id,
            scope="lieu", place=place, used_on=today(), noted_by=person_id,
        )  # fmt: skip
        session.add(use)
        session.flush()
        seen = new_key()
        Store(Path(database.engine.url.database or "").parent).put(seen, word.encode())
        media = MediaFile(
            organisation_id=lieu.organisation_id, kind="image", state="ready", day=DAY,
            announced=1, playable=seen, poster=seen, content_type="image/jpeg",
        )  # fmt: skip
        session.add(media)
        session.flush()
        join(session, told, media)
        return {"testimony": told, "quote": made.id, "use": use.id, "media": media.id}


def person(
    session: Session, organisation_id: UUID | None, name: str, role: Role, word: str = ""
) -> Person:
    """Write somebody who can enter."""
    shown = word or (PUBLIC if "escale" in name else name)
    made = create_person(session, organisation_id, f"{name}@example.fr", shown, role)
    set_password(session, made, PASSWORD)
    return made


def kind_of(rule: Rule, parameter: str) -> str:
    """Return what a parameter names; fail when nobody said."""
    known = [
        (start, kind)
        for (start, name), kind in PARAMETERS.items()
        if name == parameter and rule.rule.startswith(start)
    ]
    assert known, f"{rule.rule}: say in PARAMETERS what <{parameter}> names"
    return max(known)[1]


def address_of(rule: Rule, ids: dict[str, str]) -> str:
    """Return the address of a page about these ids; what is not there is unknown."""

    def fill(found: re.Match[str]) -> str:
        kind = kind_of(rule, found[1])
        return ids.get(kind) or UNKNOWN.get(kind, NOBODY)

    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", fill, rule.rule)


def owned(rule: Rule) -> set[str]:
    """Return the kinds of a page's parameters that belong to a structure."""
    named = set(rule.arguments) - set(rule.defaults or {})
    return {kind_of(rule, name) for name in named} - set(SHIPPED)


def asked(rule: Rule, method: str, ids: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the address and the form that name the same things everywhere they can."""
    query = "&".join(f"{name}={ids.get(kind, NOBODY)}" for name, kind in FILTERS.items())
    form = {name: ids.get(kind, NOBODY) for name, kind in FIELDS.items()}
    return f"{address_of(rule, ids)}?{query}", {**FILLED, **form}


def masked(response: TestResponse, *all_ids: dict[str, str]) -> tuple[int, str, str]:
    """Return what somebody sees, without tokens and without the ids that were asked for."""
    body = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", response.get_data(as_text=True))
    body = re.sub(r'(name="\w*key" value=")[^"]+', r"\1", body)
    where = response.headers.get("Location", "")
    for ids in all_ids:
        for kind in {*UNKNOWN, *FILTERS.values(), *FIELDS.values(), *ids} - set(SHIPPED):
            for value in (ids.get(kind), UNKNOWN.get(kind), NOBODY):
                if value:
                    body, where = body.replace(value, "ID"), where.replace(value, "ID")
    return response.status_code, body, where


def rows_of(world: World, structure: Structure) -> list[str]:
    """Return every row that names something of a structure."""
    own = {value.replace("-", "") for kind, value in structure.ids.items() if kind not in SHIPPED}
    found = []
    with world.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                text = repr(tuple(row))
                plain = text.replace("-", "")
                if any(value in plain for value in own):
                    found.append(f"{table.name} {text}")
    return sorted(found)


def roles_at(world: World, rule: Rule) -> set[Role]:
    """Return who may use an address in one way or another: OPTIONS answers for all of them."""
    same = (one for one in world.rules if one.rule == rule.rule)
    return {role for one in same for role in roles_of(world.view(one))}


def methods_of(rule: Rule) -> Iterator[str]:
    yield from sorted(rule.methods or ())


def test_every_page_declares_who_may_use_it(world: World) -> None:
    for rule in world.rules:
        view = world.view(rule)
        is_open = getattr(view, "open_to_all", False)
        assert is_open != bool(roles_of(view)), rule
        assert set(roles_of(view)) <= set(EVERYONE), rule


def test_nobody_passes_where_their_role_is_not_declared(world: World) -> None:
    tried: Counter[str] = Counter()
    for rule in world.rules:
        view = world.view(rule)
        if getattr(view, "open_to_all", False):
            continue
        for method in methods_of(rule):
            for visitor in world.visitors:
                if visitor.role in (
                    roles_at(world, rule) if method == "OPTIONS" else roles_of(view)
                ):
                    continue
                address, form = asked(rule, method, world.theirs.ids)
                before = rows_of(world, world.theirs) if method in WRITES else []
                response = visitor.ask(address, method, form)
                what = (rule.rule, method, visitor.name, response.status_code)
                if visitor.role is None:
                    reads = method in ("GET", "HEAD")
                    assert response.status_code == (302 if reads else 401), what
                    location = response.headers.get("Location", "/espace/connexion")
                    assert location.startswith("/espace/connexion"), what
                elif rule.rule == "/espace":
                    assert response.status_code == 302, what  # led to where they begin
                else:
                    assert response.status_code == 403, what
                assert FOREIGN not in response.text, what
                if method in WRITES:
                    assert rows_of(world, world.theirs) == before, what
                tried[visitor.name] += 1
    report("no role", tried)


def test_what_belongs_to_another_structure_is_unknown_byte_for_byte(
    world: World, tmp_path: Path
) -> None:
    tried: Counter[str] = Counter()
    for rule in world.rules:
        roles = set(roles_of(world.view(rule))) - {ADMINISTRATEUR}
        for method in methods_of(rule):
            for visitor in world.visitors:
                if visitor.role not in roles:
                    continue
                with restored(world, tmp_path) if method in WRITES else nullcontext():
                    check_unknown(world, rule, method, visitor, world.theirs)
                    tried[visitor.name] += 1
                    if visitor.name == "limite" and owned(rule) and owned(rule) <= SHARED:
                        reply = ask_about(visitor, rule, method, world.ours.ids)
                        assert f"Atelier {OUT_OF_REACH}" not in reply.text, rule
                        assert f"Lieu {OUT_OF_REACH}" not in reply.text, rule
                        tried[visitor.name] += 1
                    elif visitor.name == "limite":
                        check_unknown(world, rule, method, visitor, world.ours)
                        tried[visitor.name] += 1
    report("foreign ids", tried)


def check_unknown(
    world: World, rule: Rule, method: str, visitor: Visitor, target: Structure
) -> None:
    """Ask about what a structure owns, then about what nobody does: the answers are equal."""
    before = rows_of(world, target) if method in WRITES else []
    foreign = ask_about(visitor, rule, method, target.ids)
    what = (rule.rule, method, visitor.name, foreign.status_code)
    if method in WRITES and target is world.theirs:
        assert rows_of(world, target) == before, what
    unknown = ask_about(visitor, rule, method, SHIPPED)
    assert foreign.status_code == unknown.status_code < 500, what
    assert FOREIGN not in foreign.text, what
    assert PUBLIC not in foreign.text, what
    if not is_file(foreign):
        assert masked(foreign, target.ids) == masked(unknown, target.ids), what
    if visitor.name == "limite":
        assert f"Atelier {OUT_OF_REACH}" not in foreign.text, what
    if owned(rule) and method != "OPTIONS":
        assert foreign.status_code == 404, what


def test_each_filter_alone_names_nothing_of_another_structure(world: World) -> None:
    """Together, the first that is unknown answers for the others."""
    tried: Counter[str] = Counter()
    visitor = world.visitor(RESPONSABLE)
    for rule in world.rules:
        if RESPONSABLE not in roles_of(world.view(rule)) or "GET" not in (rule.methods or ()):
            continue
        if owned(rule):  # about one thing: it filters nothing
            continue
        for name, kind in FILTERS.items():
            address = address_of(rule, world.ours.ids)
            foreign = visitor.ask(f"{address}?{name}={world.theirs.ids[kind]}", "GET", {})
            unknown = visitor.ask(f"{address}?{name}={UNKNOWN.get(kind, NOBODY)}", "GET", {})
            what = (rule.rule, name, foreign.status_code)
            assert foreign.status_code == unknown.status_code < 500, what
            if is_file(foreign):
                assert FOREIGN.encode() not in foreign.data, what
            else:
                assert FOREIGN not in foreign.text, what
                ids = ({kind: world.theirs.ids[kind]}, {kind: UNKNOWN.get(kind, NOBODY)})
                assert masked(foreign, *ids) == masked(unknown, *ids), what
            foreign.close()
            unknown.close()
            tried[visitor.name] += 1
    report("filters", tried)


def test_the_administrateur_sees_people_and_never_contents(world: World, tmp_path: Path) -> None:
    tried: Counter[str] = Counter()
    visitor = world.visitor(ADMINISTRATEUR)
    for rule in world.rules:
        if ADMINISTRATEUR not in roles_of(world.view(rule)):
            continue
        for method in methods_of(rule):
            with restored(world, tmp_path):
                response = ask_about(visitor, rule, method, world.theirs.ids)
                tried[visitor.name] += 1
                what = (rule.rule, method, response.status_code)
                assert response.status_code < 500, what
                assert FOREIGN not in response.text, what
                mediateur = {**world.theirs.ids, "responsable": world.theirs.ids["mediateur"]}
                if "person_id" in rule.arguments and method != "OPTIONS":
                    other = ask_about(visitor, rule, method, mediateur)
                    assert other.status_code == 404, what
    report("administrateur", tried)


def test_the_same_pages_open_with_ones_own_ids(world: World, tmp_path: Path) -> None:
    """Without this, a page that never works would look well guarded."""
    tried: Counter[str] = Counter()
    for rule in world.rules:
        roles = roles_of(world.view(rule))
        if not owned(rule) or not roles:
            continue
        visitor = world.visitor(RESPONSABLE if RESPONSABLE in roles else roles[0])
        for method in methods_of(rule):
            with restored(world, tmp_path):
                address = address_of(rule, world.ours.ids)
                response = visitor.ask(address, method, {})
                what = (rule.rule, method, response.status_code)
                assert response.status_code not in (401, 403, 404), what
                assert response.status_code < 500, what
                response.close()
                tried[visitor.name] += 1
    report("own ids", tried)


def ask_about(visitor: Visitor, rule: Rule, method: str, ids: dict[str, str]) -> TestResponse:
    address, form = asked(rule, method, ids)
    return visitor.ask(address, method, form)


def is_file(response: TestResponse) -> bool:
    """Tell whether a download came, whose bytes say the hour it was made."""
    return "attachment" in response.headers.get("Content-Disposition", "")


@contextmanager
def restored(world: World, folder: Path) -> Iterator[None]:
    """Put the database back as it was at the end of the block."""
    engine, copy = world.database.engine, folder / "before.sqlite3"
    file = Path(str(engine.url.database))
    engine.dispose()  # the last connection moves the log into the file
    shutil.copy(file, copy)
    yield
    engine.dispose()
    shutil.copy(copy, file)


def report(title: str, tried: Counter[str]) -> None:
    """Print how many combinations were tried, and refuse to have tried none."""
    print(f"{title}: {tried.total()} combinations", dict(tried))
    assert tried.total()
