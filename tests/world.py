"""The installation that the law of pages visits: a full structure, a small one, an empty one.

The small one has names as long as they come and too few answers to show; the empty one has just
been created. Each role comes in, and somebody of each role who has nothing to see yet.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.bilan.drafting import (
    Objective,
    choose_quotes,
    create_bilan,
    leave_out,
    set_objectives,
    write_text,
)
from app.bilan.frames import Frame
from app.bilan.sealing import seal
from app.campaigns.actions import issue_cards, open_campaign
from app.campaigns.models import Campaign, Link, PublishedVersion
from app.campaigns.queries import plan_of
from app.db import Database
from app.demonstration import load_demonstration
from app.demonstration.words import FIRST_LIEU
from app.indicators.accompanied import Count, note_accompanied
from app.indicators.freezing import freezable, freeze
from app.indicators.period import Period
from app.media.models import MediaFile
from app.media.store import Store, new_key
from app.organisations.access import note
from app.organisations.actions import (
    add_lieu,
    confirm_notice,
    create_organisation,
    create_person,
    disable,
    invite,
    set_password,
)
from app.organisations.models import Lieu, Person
from app.organisations.queries import Reach, find_lieu
from app.organisations.roles import ADMINISTRATEUR, COORDINATEUR, MEDIATEUR, RESPONSABLE
from app.organisations.team import change_role, share_with
from app.partners.actions import add_partner
from app.partners.actions import invite as invite_partner
from app.partners.models import PartnerInvitation
from app.partners.tokens import token_of as token_of_partner
from app.questionnaires import Library
from app.responses.models import Response, ResponseText
from app.responses.receipts import receipt_code
from app.testimonies.consents import Scope
from app.testimonies.cutting import stretches
from app.testimonies.erasure import erase
from app.testimonies.models import QuoteUse, Testimony
from app.testimonies.quotes import cut
from app.testimonies.recordings import join
from app.web.current import today
from config import Keys
from tests.responses.conftest import Sender
from tests.testimonies.teller import EVERYWHERE, Teller

PASSWORD = "moulin cerise tabouret"
#: Who comes beside one person of each role.
SMALL, EMPTY, UNASKED, WAITING = "petite", "vide", "sans structure", "rien d’arrêté"
#: Names as they come: long, and with words that cannot be cut.
LONG_NAME = (
    "Syndicat intercommunal pour l’inclusion numérique, l’accès aux droits et l’accompagnement "
    "des habitantes et habitants du pays de Saint-Aubin-des-Landes-sur-Mer"
)
LONG_LIEU = "Médiathèque Jean-Baptiste-Anne-Geneviève-Gagnière-de-la-Rochefoucauld"
LONG_EMAIL = "prenom.nom-de-famille-compose@syndicat-intercommunal-inclusion-numerique.example"
LONG_COMMENT = f"Voir https://www.exemple.fr/{'aide-' * 20}fin et {'🌻' * 60} merci."


@dataclass(frozen=True)
class World:
    """Be an application where all that a page may show is there."""

    app: Flask
    #: What stands between braces in an address.
    names: dict[str, str]
    #: The e-mail of each visitor.
    visitors: dict[str, str]

    def enter(self, who: str) -> FlaskClient:
        """Open a browser without a script, signed in as somebody; nobody when `who` is empty."""
        client = self.app.test_client()
        if who:
            form = {"csrf_token": token_of(client), "mot_de_passe": PASSWORD}
            form["email"] = self.visitors[who]
            assert client.post("/espace/connexion", data=form).status_code == 303
        return client


def token_of(client: FlaskClient, page: str = "/espace/connexion") -> str:
    """Return the token of the forms of a session."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def make_world(app: Flask, database: Database, keys: Keys, library: Library) -> World:
    """Fill the installation."""
    folder = app.extensions["settings"].data
    made = load_demonstration(
        database, keys, library, folder=folder, responses=160, seed=7, today=today()
    )
    small = _SmallStructure(database, keys, library)
    with database.writing() as session:
        team = _team(session, keys, made.organisation_id)
        visitors = {RESPONSABLE: made.email, **team.visitors}
        visitors |= {SMALL: small.open(session), EMPTY: _just_created(session)}
        visitors |= _newcomers(session, keys, small.organisation_id)
        for email in visitors.values():
            set_password(session, _person(session, email), PASSWORD)
    small.answer()
    names = {"code": made.code, "organisation": str(made.organisation_id), **team.names}
    names["last_year"] = str(today().year - 1)
    with database.reading() as session:
        names |= _names_of(session, made.organisation_id, made.code)
        names |= {f"small_{k}": v for k, v in _names_of(session, small.organisation_id).items()}
        names["empty"] = str(_person(session, visitors[EMPTY]).organisation_id)
        names["responsable"] = str(_person(session, made.email).id)
        names |= _partners_of(session, keys, made.organisation_id)
        names["small_partner"] = str(small.partner_id)
        names |= _told_in(session, made.organisation_id)
    names["small_recorded"] = _recorded(database, keys, small.organisation_id, folder)
    full = _quoted(database, keys, made.organisation_id, "Avant j’avais peur. Merci à vous.")
    names |= full | {
        f"small_{known}": value
        for known, value in _quoted(database, keys, small.organisation_id, LONG_COMMENT).items()
    }
    names |= _bilans(database, keys, made.organisation_id, LONG_LIEU)
    small_bilans = _bilans(database, keys, small.organisation_id, LONG_COMMENT)
    names |= {f"small_{known}": value for known, value in small_bilans.items()}
    names |= _framed(database, made.organisation_id, UUID(names["empty"]))
    names["bilan_cut"] = _cut_since(database, keys, made.organisation_id, folder)
    return World(app, names, visitors)


class _Team(NamedTuple):
    visitors: dict[str, str]
    names: dict[str, str]


def _team(session: Session, keys: Keys, organisation_id: UUID) -> _Team:
    """Give the full structure somebody of each role, and colleagues in each state."""
    lieu = find_lieu(session, organisation_id, FIRST_LIEU)
    assert lieu
    sam = create_person(session, organisation_id, "sam@example.fr", "Sam Morin", MEDIATEUR)
    change_role(session, sam, MEDIATEUR, [lieu.id])
    lou, _ = share_with(session, keys, organisation_id, "lou@example.fr", "Lou Berthelot")
    share_with(session, keys, organisation_id, LONG_EMAIL.replace("prenom", "coordination"), "")
    ada = create_person(session, None, "ada@example.fr", "Ada Kermarrec", ADMINISTRATEUR)
    waited = create_person(session, organisation_id, LONG_EMAIL, "", MEDIATEUR)
    invite(session, keys, waited)
    gone = create_person(session, organisation_id, "gone@example.fr", "Yann Le Bris", MEDIATEUR)
    disable(session, gone)
    forgot = create_person(
        session, organisation_id, "forgot@example.fr", "Rozenn Le Goff", RESPONSABLE
    )
    note(session, organisation_id, sam.id, "exported", "Votre avis aujourd’hui")
    year, count = today().year - 1, Count(89, 143, 19, {"genre": {"feminin": 54}}, "coop")
    months = Period(f"{year}-01", f"{year}-12")
    note_accompanied(session, organisation_id, lieu.id, months, count, sam.id, today())
    visitors = {MEDIATEUR: sam.email, COORDINATEUR: lou.email, ADMINISTRATEUR: ada.email}
    names = {"colleague": sam.id, "waited": waited.id, "gone": gone.id, "forgetful": forgot.id}
    return _Team(visitors, {name: str(known) for name, known in names.items()})


def _just_created(session: Session) -> str:
    """Create a structure as `recueil organisations create` does; return who begins there."""
    made = create_organisation(session, "Les Copains du clavier", contact="2 quai Neuf")
    add_lieu(session, made.id, "Local associatif")
    return create_person(session, made.id, "vide@example.fr").email


def _newcomers(session: Session, keys: Keys, small_id: UUID) -> dict[str, str]:
    """Invite a coordinateur whom no structure accepted, and one whose structure froze nothing."""
    alone = create_person(session, None, "seule@example.fr", "Maël Tanguy", COORDINATEUR)
    waits, _ = share_with(session, keys, small_id, "attend@example.fr", "Inès Prigent")
    return {UNASKED: alone.email, WAITING: waits.email}


class _SmallStructure:
    """Be the structure of the long names, with one campaign in each state and three answers."""

    def __init__(self, database: Database, keys: Keys, library: Library) -> None:
        self._database, self._library = database, library
        self._sender = Sender(database, keys, Random(11))
        self._keys = keys
        self.organisation_id = self.partner_id = UUID(int=0)

    def open(self, session: Session) -> str:
        """Create it with its campaigns; return who is responsable."""
        contact = "Esplanade " + LONG_NAME[60:130]
        made = create_organisation(session, LONG_NAME, contact=contact)
        self.organisation_id = made.id
        confirm_notice(session, made.id, today())
        lieu = add_lieu(session, made.id, LONG_LIEU, "Saint-Aubin-des-Landes-sur-Mer")
        add_lieu(session, made.id, "Annexe")
        year = today().year
        self._campaign(session, "satisfaction", lieu.id, year - 1, year)
        cards = self._campaign(session, "progres", lieu.id, year, year)
        issue_cards(session, self._keys, cards, 3)
        closed = self._campaign(session, "temoignage", lieu.id, year - 1, year - 1)
        coming = self._campaign(session, "partenaire", lieu.id, year + 1, year + 1)
        asked = (LONG_NAME[:120], "aide_aux_demarches_administratives")
        kept = {"contact_name": LONG_LIEU, "email": LONG_EMAIL, "today": today()}
        partner = add_partner(session, made.id, *asked, **kept)
        invite_partner(session, self._keys, partner, coming.links[0], today())
        self.partner_id = partner.id
        assert closed.ends_on < today()
        name = "Anne-Charlotte-Marguerite de la Rochefoucauld-Kermadec de Saint-Aubin"
        return create_person(session, made.id, f"petite.{LONG_EMAIL}", name).email

    def _campaign(
        self, session: Session, asked: str, lieu_id: UUID, first: int, last: int
    ) -> Campaign:
        return open_campaign(
            session,
            self._library,
            self.organisation_id,
            questionnaire=asked,
            lieu_id=lieu_id,
            starts_on=date(first, 1, 1),
            ends_on=date(last, 12, 31),
            doors=["partenaire"] if asked == "partenaire" else ["affiche", "papier"],
            action=LONG_NAME[:120],
            today=today(),
        )

    def answer(self) -> None:
        """Send three answers of last year, with a comment as long as some are."""
        with self._database.reading() as session:
            link = session.scalars(
                select(Link)
                .join(PublishedVersion, PublishedVersion.version == Campaign.version)
                .where(
                    Link.organisation_id == self.organisation_id,
                    PublishedVersion.questionnaire == "satisfaction",
                )
                .options(contains_eager(Link.campaign).joinedload(Campaign.lieu))
                .join(Link.campaign)
            ).first()
            assert link
            passing = plan_of(session, link.campaign).passings[link.wave]
        texts = {one.key: LONG_COMMENT for one in passing.posed if one.question.kind.is_text}
        for month in (1, 2, 3):
            day = date(today().year - 1, month, 15)
            self._sender.send(link, day=day, texts=texts)


def _partners_of(session: Session, keys: Keys, organisation_id: UUID) -> dict[str, str]:
    """Name a partner who answered and one who did not, with the signs of their links."""
    names = {}
    every = select(PartnerInvitation).where(PartnerInvitation.organisation_id == organisation_id)
    for one in session.scalars(every.order_by(PartnerInvitation.made_on)):
        which = "answered" if one.answered_on else "waiting"
        names[f"partner_{which}"] = str(one.partner_id)
        names[f"token_{which}"] = token_of_partner(keys, one.id)
    return names


def _quoted(database: Database, keys: Keys, organisation_id: UUID, text: str) -> dict[str, str]:
    """Keep a testimony and a quote of it, shown on a wall; another was taken back since."""
    day = today() - timedelta(days=20)
    with database.reading() as session:
        lieu = session.scalars(select(Lieu).where(Lieu.organisation_id == organisation_id)).first()
        mine = select(Person.id).where(Person.organisation_id == organisation_id)
        person_id = session.scalars(mine.order_by(Person.email)).first()
    assert lieu
    assert person_id
    teller = Teller(database, keys, lieu)
    kept, gone = teller.tell(text, day=day), teller.tell(text, day=day)
    with database.writing() as session:
        testimony = session.get_one(Testimony, kept)
        chosen = stretches(text)[:1]
        quote = cut(session, keys, testimony, chosen, "autonomie", person_id, today())
        uses = [
            QuoteUse(
                organisation_id=organisation_id,
                testimony_id=shown,
                quote_id=quote.id if shown == kept else None,
                scope="lieu",
                place="Affiche de l’accueil",
                used_on=today(),
                noted_by=person_id,
                withdrawn_on=None if shown == kept else today(),
            )
            for shown in (kept, gone)
        ]
        session.add_all(uses)
        session.flush()
        code, spare = (
            receipt_code(keys, organisation_id, session.get_one(Testimony, one).idempotency_key)
            for one in (kept, gone)
        )
        return {
            "testimony": str(kept), "quote": str(quote.id), "use": str(uses[1].id),
            "receipt": code, "spare_receipt": spare,
        }  # fmt: skip


def _bilans(database: Database, keys: Keys, organisation_id: UUID, text: str) -> dict[str, str]:
    """Write a bilan in each state: rewritten, older than its figures, cut, and one that is sealed.

    Only who froze something seals: the small structure has a draft of last year.
    """
    reach, day = Reach(organisation_id), today()
    with database.reading() as session:
        mine = select(Person.id).where(Person.organisation_id == organisation_id)
        person_id = session.scalars(mine.order_by(Person.email)).first()
        waiting = freezable(session, organisation_id, day)
    assert person_id
    is_full = text == LONG_LIEU
    year = day.year if is_full else day.year - 1
    frame = Frame(Period(f"{year}-01", f"{year}-12"))
    with database.writing() as session:
        bilan = create_bilan(session, reach, frame, person_id, day)
        write_text(session, keys, bilan, "coince", text, "", person_id, day)
        write_text(session, keys, bilan, "methode", text, "Une phrase d’avant.", person_id, day)
        leave_out(session, bilan, "bloc:lien")
        told = [Objective(f"{text[:200]} à faire"), Objective("Créer du lien", "lien.progression")]
        set_objectives(session, bilan, told, revision=bilan.revision)
        names = {"bilan": str(bilan.id)}
    for month in waiting if is_full else ():
        with database.writing() as session:
            freeze(session, organisation_id, month, person_id, day)
    if is_full:
        with database.writing() as session:
            sealed = create_bilan(session, reach, frame, person_id, day)
            write_text(session, keys, sealed, "suite", "Ouvrir le jeudi.", "", person_id, day)
            seal(session, keys, reach, sealed, person_id, day)
            names["bilan_sealed"] = str(sealed.id)
    return names


def _framed(database: Database, full_id: UUID, empty_id: UUID) -> dict[str, str]:
    """Begin bilans that nobody wrote in: of one lieu, of one action, with nothing to tell."""
    day, year = today(), Period(f"{today().year}-01", f"{today().year}-12")
    with database.writing() as session:
        lieu = find_lieu(session, full_id, FIRST_LIEU)
        actions = select(Campaign.action).where(Campaign.organisation_id == full_id)
        assert lieu
        action = session.scalars(actions.order_by(Campaign.action.desc())).first()
        asked = {
            "bilan_lieu": (full_id, Frame(year, (lieu.id,), audience="public")),
            "bilan_action": (full_id, Frame(year, (), (str(action),), testimonies_apart=True)),
            "bilan_empty": (empty_id, Frame(year)),
        }
        names = {}
        for name, (organisation_id, frame) in asked.items():
            mine = select(Person.id).where(Person.organisation_id == organisation_id)
            person_id = session.scalars(mine.order_by(Person.email)).first()
            assert person_id
            made = create_bilan(session, Reach(organisation_id), frame, person_id, day)
            names[name] = str(made.id)
    return names


def _cut_since(database: Database, keys: Keys, organisation_id: UUID, folder: Path) -> str:
    """Seal a bilan whose title is a quote, then let its author erase the testimony."""
    day, reach = today(), Reach(organisation_id)
    with database.reading() as session:
        lieu = find_lieu(session, organisation_id, FIRST_LIEU)
        mine = select(Person.id).where(Person.organisation_id == organisation_id)
        person_id = session.scalars(mine.order_by(Person.email)).first()
    assert lieu
    assert person_id
    text = "Je viens sans ma fille."
    told = Teller(database, keys, lieu).tell(text, day=day - timedelta(days=20))
    with database.writing() as session:
        testimony = session.get_one(Testimony, told)
        quote = cut(session, keys, testimony, stretches(text), "autonomie", person_id, day)
        frame = Frame(Period(f"{day.year}-01", f"{day.year}-12"))
        bilan = create_bilan(session, reach, frame, person_id, day)
        choose_quotes(session, bilan, "titre", [quote.id], revision=bilan.revision)
        seal(session, keys, reach, bilan, person_id, day)
        bilan_id = str(bilan.id)
    with database.writing() as session:
        erase(session, folder, told, day)
    return bilan_id


def _told_in(session: Session, organisation_id: UUID) -> dict[str, str]:
    """Name the testimonies of the demonstration: one of each status, origin, capacity, language."""
    names = {}
    mine = select(Testimony).where(Testimony.organisation_id == organisation_id)
    for one in session.scalars(mine.order_by(Testimony.day, Testimony.idempotency_key)):
        for known in (one.status, one.origin, one.capacity, one.language):
            names[f"testimony_{known}"] = str(one.id)
        if (one.status, one.themes) == ("valide", ["lien"]):
            names["testimony_unread"] = str(one.id)
        if one.partner_id:
            names["partner_told"] = str(one.partner_id)
    written = mine.where(Testimony.status == "nouveau", Testimony.language == "fr")
    names["testimony_nouveau"] = str(session.scalars(written).all()[0].id)
    return names


def _recorded(database: Database, keys: Keys, organisation_id: UUID, folder: Path) -> str:
    """Keep a testimony without a word: its files are ready, on their way, and broken."""
    with database.reading() as session:
        mine = select(Lieu).where(Lieu.organisation_id == organisation_id)
        lieu = session.scalars(mine).first()
    assert lieu
    given: dict[Scope, str] = {**EVERYWHERE, "garder_media": "oui", "montrer_media": "oui"}
    day = today() - timedelta(days=3)
    told = Teller(database, keys, lieu).tell("", given, status="nouveau", masked="", day=day)
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "JPEG")
    shown, sound = new_key(), new_key()
    Store(folder).put(shown, picture.getvalue())
    Store(folder).put(sound, b"sound")
    files: tuple[dict[str, Any], ...] = (
        {"kind": "image", "state": "ready", "playable": shown, "poster": shown,
         "content_type": "image/jpeg", "width": 64, "height": 48},
        {"kind": "audio", "state": "ready", "playable": sound, "content_type": "audio/mp4",
         "seconds": 48},
        {"kind": "video", "state": "waiting"},
        {"kind": "audio", "state": "failed", "problem": "Le fichier est abîmé."},
    )  # fmt: skip
    with database.writing() as session:
        for one in files:
            media = MediaFile(organisation_id=organisation_id, day=day, announced=1, **one)
            session.add(media)
            session.flush()
            join(session, told, media)
    return str(told)


def _person(session: Session, email: str) -> Person:
    return session.scalars(select(Person).where(Person.email == email)).one()


def _names_of(session: Session, organisation_id: UUID, code: str = "") -> dict[str, str]:
    """Name the links of a structure, and one of each thing it has: those of a code, if given."""
    rows = session.execute(
        select(PublishedVersion.questionnaire, Link.door, Link.wave, Link.code, Campaign)
        .join(Campaign, Campaign.version == PublishedVersion.version)
        .join(Link, Link.campaign_id == Campaign.id)
        .where(Campaign.organisation_id == organisation_id)
    ).all()
    names: dict[str, str] = {}
    for asked, door, wave, known, campaign in rows:
        names[f"{asked}_{door}_{wave}"] = known
        names[f"{asked}_campaign"] = str(campaign.id)
        if known == code or not code:
            names |= {"campaign": str(campaign.id), "lieu": str(campaign.lieu_id)}
    written = select(ResponseText.response_id).join(
        Response, Response.id == ResponseText.response_id
    )
    mine = written.where(Response.organisation_id == organisation_id)
    return {**names, "response": str(session.scalars(mine).first())}
