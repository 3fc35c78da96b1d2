"""Read a tiny folder of questionnaires, changed by one test in one place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from app.questionnaires import Library, Problem, SurveyErrors, load_library
from app.questionnaires.library import survey
from app.questionnaires.problems import Report

SURVEYS = Path(__file__).parent / "surveys"
REFERENTIEL = "referentiel.yaml"

HEAD = """questionnaire: essai
fr: "Votre avis"
pourquoi: {fr: "Pour mieux vous aider."}
merci: {fr: "Merci !"}
public: usager
methode: C
"""


class Folder:
    """Be a copy of the tiny questionnaires, in which a test may change a file."""

    def __init__(self, path: Path) -> None:
        self.path = path / "surveys"
        shutil.copytree(SURVEYS, self.path)

    def change(self, file: str, old: str, new: str) -> Folder:
        """Replace a part of a file, which must be there."""
        path = self.path / file
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), "utf-8")
        return self

    def write(self, file: str, text: str) -> Folder:
        """Write a whole file."""
        (self.path / file).write_text(text, "utf-8")
        return self

    def add(self, body: str, head: str = HEAD) -> Folder:
        """Write a questionnaire `essai`."""
        return self.write("questionnaires/essai.yaml", head + body)

    def load(self) -> Library:
        """Read the folder, which must be without error."""
        return load_library(self.path)

    def errors(self) -> tuple[Problem, ...]:
        """Read the folder, which must have errors."""
        with pytest.raises(SurveyErrors) as caught:
            load_library(self.path)
        return caught.value.problems

    def error(self) -> Problem:
        """Return the one error of the folder."""
        errors = self.errors()
        assert len(errors) == 1, "\n".join(map(str, errors))
        return errors[0]

    def questions(self) -> set[str]:
        """Return the ids of the questions that the référentiel holds."""
        text = (self.path / REFERENTIEL).read_text("utf-8")
        bank = text[text.index("\nquestions:") : text.index("\nregistres:")]
        return set(re.findall(r"^  - \{?(?:id: )(\w+)", bank, re.MULTILINE))

    def warnings(self) -> list[str]:
        """Return the warnings, translations aside."""
        report = Report()
        survey(self.path, report)
        report.raise_errors()
        return [p.message for p in report.warnings if not p.where.startswith("traduction")]
