"""Recueil: wiring of the rooms into one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaires import load_library
from config import Settings

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Settings | None = None) -> Flask:
    """Wire one application from its settings; rooms bring their own pages."""
    # Imported here: importing any room imports this module, and `recueil score` needs no server.
    from flask import Flask

    from app import answering, campaigns, indicators, organisations, responses, web
    from app.db import Database
    from app.demonstration import invented_person
    from app.responses.cards import campaign_counts

    settings = settings or Settings.from_environment()
    app = Flask("app", static_folder=None)
    app.extensions.update(
        settings=settings,
        keys=settings.keys(),
        database=Database(settings.database_url),
        library=load_library(settings.surveys),
        demonstrator=invented_person,
        count_answers=campaign_counts,
    )
    web.init_app(app)
    app.register_blueprint(organisations.make_desk(campaigns, responses, answering, indicators))
    app.register_blueprint(answering.blueprint)
    return app
