"""The documents: whatever a person can set, write or type is said in the README or in docs/."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli import recueil
from app.questionnaires.formulas import FORMULAS
from app.questionnaires.kinds import KINDS

PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
DOCUMENTS = "\n".join(page.read_text("utf-8") for page in PAGES)


def commands(group: click.Group, path: str) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def test_each_setting_is_explained() -> None:
    tree = ast.parse((PROJECT / "config.py").read_text("utf-8"))
    settings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[A-Z][A-Z_]{3,}", node.value)
    }
    assert "RECUEIL_DATA" in settings
    assert {name for name in settings if f"`{name}`" not in DOCUMENTS} == set()


def test_each_kind_of_question_is_explained() -> None:
    assert {name for name in KINDS if f"`{name}`" not in DOCUMENTS} == set()


def test_each_formula_is_explained() -> None:
    assert {name for name in FORMULAS if f"`{name}`" not in DOCUMENTS} == set()


def test_each_command_is_explained() -> None:
    assert {name for name in commands(recueil, "recueil") if name not in DOCUMENTS} == set()


def test_links_and_pictures_of_the_documents_exist() -> None:
    missing = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []
