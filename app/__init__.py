"""Recueil: wiring of the rooms into one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaires import load_library
from config import Settings

if TYPE_CHECKING:
    from flask import Flask

    from app.db import Database
    from app.responses.keeping import Upstairs


def create_app(settings: Settings | None = None) -> Flask:
    """Wire one application from its settings; rooms bring their own pages."""
    # Imported here: importing any room imports this module, and `recueil score` needs no server.
    from flask import Flask

    from app import (
        answering,
        bilan,
        campaigns,
        indicators,
        organisations,
        partners,
        responses,
        telling,
        testimonies,
        web,
    )
    from app.demonstration import invented_person
    from app.testimonies.counting import campaign_counts

    settings = settings or Settings.from_environment()
    app = Flask("app", static_folder=None)
    app.extensions.update(
        settings=settings,
        keys=settings.keys(),
        database=_database(settings),
        library=load_library(settings.surveys),
        demonstrator=invented_person,
        count_answers=campaign_counts,
        next_steps=bilan.steps,
        upstairs=_upstairs(),
        teller=telling.try_telling,
    )
    web.init_app(app)
    rooms = (campaigns, responses, partners, testimonies, answering, indicators, bilan)
    app.register_blueprint(organisations.make_desk(*rooms))
    app.register_blueprint(answering.blueprint)
    app.register_blueprint(telling.blueprint)
    return app


def _database(settings: Settings) -> Database:
    """Open the database; what is taken from who signs in is also written beside it."""
    from app.db import Database
    from app.organisations import withdrawals

    database = Database(settings.database_url)
    withdrawals.watch(database, settings.data)
    return database


def _upstairs() -> Upstairs:
    """Tell the purge what the rooms above the answers keep for a time."""
    from app.media.store import current_store
    from app.partners import retention as partners
    from app.responses.keeping import Upstairs
    from app.testimonies import retention as told

    return Upstairs(
        (told.KEEPER, partners.KEEPER, partners.CONTACTS),
        lambda files: current_store().forget(*files),
        lambda session: current_store().sweep_orphans(session),
    )
