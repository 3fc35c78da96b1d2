"""The console command `recueil`: each room's commands, loaded when they are called."""

from __future__ import annotations

import os
from functools import partial
from importlib import import_module
from typing import Any

import click

from app import create_app
from app.questionnaires import SurveyErrors, load_library
from app.questionnaires.cli import Refused, questionnaires, show_command
from config import SettingError, Settings

#: Where the other commands are written: `score` must not wait for a database it does not use.
ELSEWHERE = {
    "backup": "app.backup.cli",
    "bilan": "app.bilan.cli",
    "campaigns": "app.campaigns.cli",
    "demo": "app.demonstration.cli",
    "organisations": "app.organisations.cli",
    "purge": "app.responses.upkeep",
    "registre": "app.responses.upkeep",
    "responses": "app.responses.cli",
    "restore": "app.backup.cli",
    "score": "app.scoring.cli",
    "testimonies": "app.testimonies.cli",
    "work": "app.media.cli",
}


class Rooms(click.Group):
    """Find commands in their rooms, and say in French why one cannot begin."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name in ELSEWHERE and cmd_name not in self.commands:
            self.add_command(getattr(import_module(ELSEWHERE[cmd_name]), cmd_name))
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what an installation lacks is said without a traceback."""
        try:
            return super().invoke(ctx)
        except (SettingError, SurveyErrors) as error:
            raise Refused(str(error)) from error
        except Exception as error:
            if type(error).__module__ != "sqlalchemy.exc":
                raise
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            raise Refused(
                f"La base de données ne répond pas comme il faut ({reason}).\n"
                "Vérifiez DATABASE_URL et RECUEIL_DATA, puis lancez « recueil migrate »."
            ) from error


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def recueil(context: click.Context) -> None:
    """Recueil : la parole des personnes accompagnées, jusqu'au bilan."""
    # What is written, the database first, is its owner's alone, wherever Recueil is started.
    context.call_on_close(partial(os.umask, os.umask(0o077)))
    if context.invoked_subcommand in ELSEWHERE:
        from flask.cli import ScriptInfo

        context.obj = ScriptInfo(create_app=create_app)


@recueil.command()
def migrate() -> None:
    """Mettre la base de données à jour."""
    from app.db import migrate as migrate_database

    settings = Settings.from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate_database(settings.database_url)


@recueil.command()
def serve() -> None:
    """Servir Recueil avec le serveur de production."""
    from app.serving import serve as serve_application

    settings = Settings.from_environment()
    load_library(settings.surveys)  # a mistake in it is said once, here, and not by each worker
    serve_application(settings)


def _frozen(code: str) -> str | None:
    from app.campaigns.queries import frozen_source

    with create_app().extensions["database"].reading() as session:
        return frozen_source(session, code)


questionnaires.add_command(show_command(_frozen))
recueil.add_command(questionnaires)
