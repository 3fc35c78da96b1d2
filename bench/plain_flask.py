"""The reference: the same questions in the plainest Flask that keeps the same promise on disk.

WTForms radios in a cached Jinja template, one table with one column a question, SQLite with
WAL and synchronous=FULL, and the server of Recueil. No score, receipt, encryption, idempotency
key, language or accessibility.

    RECUEIL_DATA=/tmp/plain PORT=8001 python -m bench.plain_flask satisfaction
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string, request
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, event, insert
from wtforms import Form, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.db import SQLITE_PRAGMAS
from app.questionnaires import french_wording, load_library
from app.questionnaires.definition import Questionnaire
from app.serving import Server, options
from config import Settings

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width"></head>
<body><h1>{{ title }}</h1><form method="post">
{% for field in form %}<fieldset><legend>{{ field.label.text }}</legend>{{ field() }}
{% for error in field.errors %}<p>{{ error }}</p>{% endfor %}</fieldset>
{% endfor %}<button>Envoyer</button></form></body></html>"""
THANKS = "<!doctype html><html lang=fr><title>Merci</title><h1>Merci</h1></html>"


def fields(questionnaire: Questionnaire) -> Iterator[tuple[str, Any]]:
    """Yield one WTForms field for each question of the first passing."""
    wording = french_wording(questionnaire)
    for posed in questionnaire.passing(questionnaire.waves[0].id).posed:
        question = posed.question
        shown = question.kind.field(posed, wording, None)
        choices = [SelectChoice(str(option.code), option.label) for option in shown.options]
        choices += [SelectChoice(str(aside.code), aside.label) for aside in shown.asides]
        label, name = shown.label, posed.key.replace(":", "_")
        if question.kind.is_text:
            yield name, TextAreaField(label, [Optional(), Length(max=question.max_length)])
        elif question.kind.name == "choix_multiple":
            yield name, SelectMultipleField(label, choices=choices)
        else:
            yield name, RadioField(label, [Optional()], choices=choices)


def make_app(settings: Settings, questionnaire: Questionnaire) -> Flask:
    """Wire the form, the table and the page."""
    form_class = type("Answers", (Form,), dict(fields(questionnaire)))
    answers = Table(
        "answer",
        MetaData(),
        Column("id", Integer, primary_key=True),
        *(Column(name, String) for name, _ in fields(questionnaire)),
    )
    engine = create_engine(f"sqlite:///{settings.data / 'plain.sqlite3'}")
    event.listen(engine, "connect", _prepare)
    answers.metadata.create_all(engine)
    app = Flask("plain")

    @app.route("/form", methods=["GET", "POST"])
    def page() -> Any:
        form = form_class(request.form)
        if request.method == "POST" and form.validate():
            row = {key: "|".join(v) if isinstance(v, list) else v for key, v in form.data.items()}
            with engine.begin() as connection:
                connection.execute(insert(answers).values(row))
            return THANKS
        return render_template_string(PAGE, form=form, title=questionnaire.id)

    return app


def _prepare(connection: Any, _record: object) -> None:
    for pragma in SQLITE_PRAGMAS[:2]:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA busy_timeout=5000")


def main() -> None:
    """Serve with the server of Recueil and its options."""
    settings = Settings.from_environment()
    Path(settings.data).mkdir(parents=True, exist_ok=True)
    questionnaire = load_library(settings.surveys).questionnaires[sys.argv[1]]
    Server(lambda: make_app(settings, questionnaire), options(settings)).run()


if __name__ == "__main__":
    main()
