"""The desk: one guarded parent under /espace, where each room brings its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import NoReturn, cast

from flask import Blueprint, Flask, abort, g, redirect, request
from werkzeug.wrappers import Response

from app.organisations import (
    account,
    forgotten,
    installation_desk,
    journal_desk,
    lieux_desk,
    notice_desk,
    sessions,
    sharing_desk,
    structure_desk,
    team_desk,
    views,
    visiting,
    visiting_desk,
)
from app.organisations.guard import guard, reserved_to
from app.organisations.queries import Member
from app.organisations.roles import (
    ADMINISTRATEUR,
    COORDINATEUR,
    EVERYONE,
    MEDIATEUR,
    NAMES,
    RESPONSABLE,
    TEAM,
    Role,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Be one line of the contents."""

    path: str
    icon: str
    label: str
    #: What the bar at the foot of a phone says; empty for what stands in the menu only.
    short: str
    roles: tuple[Role, ...]

    @property
    def current(self) -> bool:
        """Tell whether the page shown is in this part."""
        if self.path == "/espace":
            return request.path == self.path
        return request.path == self.path or request.path.startswith(f"{self.path}/")


@dataclass(frozen=True, slots=True)
class Tab:
    """Be one tab of Réglages."""

    path: str
    label: str

    @property
    def current(self) -> bool:
        """Tell whether the page shown is behind this tab."""
        return request.path == self.path or request.path.startswith(f"{self.path}/")


#: A line stands here once its page does: the menu leads nowhere empty.
CONTENTS = (
    Entry("/espace", "accueil", "Tableau de bord", "Accueil", TEAM),
    Entry("/espace/questionnaires", "questionnaire", "Questionnaires", "", TEAM),
    Entry("/espace/campagnes", "affiche", "Campagnes et affiches", "Campagnes", TEAM),
    Entry("/espace/reponses", "reponse", "Réponses", "Réponses", TEAM),
    Entry("/espace/temoignages", "temoignage", "Témoignages", "Témoignages", TEAM),
    Entry("/espace/partenaires", "partenaire", "Partenaires", "", TEAM),
    Entry("/espace/bilan", "bilan", "Bilan", "Bilan", TEAM),
    Entry("/espace/indicateurs", "indicateur", "Indicateurs", "", TEAM),
    Entry("/espace/reglages", "reglage", "Réglages", "", (RESPONSABLE,)),
    Entry("/espace/consolide", "bilan", "Résultats", "Résultats", (COORDINATEUR,)),
    Entry("/espace/installation", "accueil", "Structures", "Structures", (ADMINISTRATEUR,)),
)

#: The tabs of Réglages; each room adds its page under one of these addresses.
SETTINGS = (
    Tab("/espace/reglages/notice", "Notice"),
    Tab("/espace/reglages/equipe", "Équipe"),
    Tab("/espace/reglages/lieux", "Lieux"),
    Tab("/espace/reglages/structure", "Structure"),
    Tab("/espace/reglages/donnees", "Données"),
    Tab("/espace/reglages/journal", "Journal"),
)

#: The modules of this room that bring pages.
_OURS = (
    views,
    account,
    forgotten,
    notice_desk,
    lieux_desk,
    structure_desk,
    team_desk,
    sharing_desk,
    installation_desk,
    journal_desk,
    visiting_desk,
)

#: Where each role begins.
HOMES: Mapping[Role, str] = {
    RESPONSABLE: "/espace",
    MEDIATEUR: "/espace",
    COORDINATEUR: "/espace/consolide",
    ADMINISTRATEUR: "/espace/installation",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Be what the shell of every signed-in page shows."""

    organisation: str
    person: str
    role: str
    menu: tuple[Entry, ...]
    settings: tuple[Tab, ...] = SETTINGS
    #: Whether all that is shown is invented, and a way back stands at the head of each page.
    is_visit: bool = False


def make_desk(*rooms: ModuleType) -> Blueprint:
    """Build the guarded parent for one application; each room's `desk.routes` adds its pages."""
    parent = Blueprint("espace", __name__, url_prefix="/espace", template_folder="templates")
    parent.record_once(lambda state: sessions.init_app(cast(Flask, state.app)))
    parent.before_request(lead_home)
    parent.before_request(guard)
    parent.context_processor(_shell)
    for pages in _OURS:
        pages.routes(parent)
    parent.add_url_rule("/<path:_rest>", view_func=introuvable, methods=["GET", "POST"])
    for room in rooms:
        import_module(f"{room.__name__}.desk").routes(parent)
        name = room.__name__.rpartition(".")[2]
        parent.register_blueprint(Blueprint(name, room.__name__, template_folder="templates"))
    return parent


def lead_home() -> Response | None:
    """Lead who asks for the first page of the desk, and begins elsewhere, to where they begin."""
    if request.path != "/espace" or not sessions.is_signed_in():
        return None
    home = HOMES.get(sessions.current_member().role, request.path)
    return redirect(home) if home != request.path else None


@reserved_to(*EVERYONE)
def introuvable(_rest: str) -> NoReturn:
    """Answer for every other address under /espace, which would look like a questionnaire's."""
    abort(404)


def _shell() -> dict[str, Desk]:
    member: Member | None = g.get("member")
    if member is None:
        return {}
    menu = tuple(entry for entry in CONTENTS if member.role in entry.roles)
    shown = Desk(
        member.organisation,
        member.name,
        NAMES[member.role],
        menu,
        is_visit=visiting.is_visiting(),
    )
    return {"desk": shown}
