"""The base of the desk's forms."""

from __future__ import annotations

from flask import Flask
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import DeskForm


class OneField(DeskForm):
    """Ask for one word."""

    word = StringField("Mot", [InputRequired(), Length(max=5)])


def sent(app: Flask, word: str) -> OneField:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"word": word}):
        form = OneField()
        form.validate()
    return form


def test_what_no_database_keeps_is_cleaned(app: Flask) -> None:
    assert sent(app, " e\u0301\x00te\x1b\u0301 ").word.data == "été"


def test_a_line_break_and_any_script_are_kept(app: Flask) -> None:
    assert sent(app, "a\r\nb").word.data == "a\nb"
    assert sent(app, "😀ع").word.data == "😀ع"


def test_errors_are_in_french(app: Flask) -> None:
    assert list(sent(app, "bien trop long").word.errors) == [
        "Le champ ne peut pas contenir plus de 5 caractères."
    ]
    assert list(sent(app, "").word.errors) == ["Ce champ est requis."]
