"""The command `recueil work`."""

from __future__ import annotations

import signal
from threading import Event

import click
from flask.cli import with_appcontext

from app.media.working import Worker
from app.media.working import retry as ask_again
from app.web.current import database, settings


@click.command()
@click.option("--once", is_flag=True, help="Faire ce qui attend, puis s'arrêter.")
@click.option("--retry", is_flag=True, help="Essayer encore ce qui n'a pas abouti.")
@with_appcontext
def work(once: bool, retry: bool) -> None:
    """Convertir les voix, les films et les photos qui attendent."""
    stop = Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda _number, _frame: stop.set())
    worker = Worker(database(), settings().data, stop, click.echo)
    if retry:
        with database().writing() as session:
            ask_again(session)
    if not once:
        click.echo("Recueil convertit ce qui attend. Pour arrêter : Ctrl-C.", err=True)
        worker.run()
        return
    worker.upkeep()
    while not stop.is_set() and worker.work_once():
        pass
