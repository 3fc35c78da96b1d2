"""One line a request, and nothing that could name or betray somebody."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient


def test_a_request_is_one_line_without_path_query_body_or_address(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/preuve/<code>", view_func=lambda code: code, methods=["POST"])
    app.test_client().post("/preuve/K7QF3?q=secret", data={"mot": "confidence"})
    [line] = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(r"POST /preuve/<code> 200 \d+\.\d ms", line)


def test_an_unknown_path_is_not_written(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/7KQF/3M2X/9TDWB")
    assert [record.getMessage()[:10] for record in caplog.records] == ["GET - 404 "]


def test_a_failure_names_the_rule_and_not_the_path(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.config.update(TESTING=False)
    app.add_url_rule("/preuve/<code>", view_func=lambda code: 1 / (len(code) - 5))
    app.test_client().get("/preuve/K7QF3")
    assert "ZeroDivisionError" in caplog.text
    assert "GET /preuve/<code>" in caplog.text
    assert "K7QF3" not in caplog.text
