"""The house: rooms import downwards, libraries stay at home, files stay small and well named."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
APP = PROJECT / "app"
MODULES = sorted(APP.rglob("*.py"))

#: From the top floor to the ground; rooms on one floor do not know each other.
FLOORS = (
    ("bilan",),
    ("wording",),
    ("documents",),
    ("indicators",),
    ("telling",),
    ("answering",),
    ("testimonies",),
    ("partners",),
    ("responses",),
    ("campaigns",),
    ("media",),
    ("organisations",),
    ("hints", "scoring"),
    ("questionnaires", "web"),
    ("db",),
)
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
#: Above the rooms, and free to import any of them.
ROOF = {"__init__", "backup", "cli", "serving", "demonstration"}
#: Names the types of what the application holds, and imports nothing when it runs.
NAMES_TYPES_ONLY = APP / "web" / "current.py"

#: Where a library may be imported: a folder or a file of app/.
HOMES = {
    "alembic": ("db.py",),
    "argon2": ("organisations",),
    "docx": ("documents",),
    "gunicorn": ("serving.py",),
    "obstore": ("media",),
    "odfdo": ("documents",),
    "phonenumbers": ("hints",),
    "PIL": ("web/images.py",),
    "pypdfium2": ("campaigns",),
    "qrcode": ("web/qr.py",),
    "smtplib": ("web/mail.py",),
    "stdnum": ("hints",),
    "textblob": ("hints",),
    "textblob_fr": ("hints",),
    "weasyprint": ("campaigns",),
    "xlsxwriter": ("web/sheets.py",),
    "yaml": ("questionnaires",),
    "zxingcpp": ("campaigns",),
}
PURE = ("hints", "questionnaires", "scoring")
IMPURE = {"alembic", "flask", "flask_login", "flask_wtf", "sqlalchemy", "werkzeug", "wtforms"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "services", "misc"}
#: Installed without an import of ours: SQLAlchemy loads it from the name in DATABASE_URL.
LOADED_BY_NAME = {"psycopg"}

#: A registry of packages, or a folder of the machine it was written on.
FOREIGN = re.compile(
    r"p[y]pi\.org|p[y]thonhosted|registry\.n[p]mjs|[a-z]{3}\.d[e]bian\.org"
    r"|(?<![\w.])/(w[o]rk|r[o]ot|h[o]me/\w+)/"
)


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Return the dotted name of everything a module imports, also inside functions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by the full name"
            found.append(node.module or "")
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def rooms_imported(path: Path) -> set[str]:
    names = (name.split(".") for name in imports(path))
    return {parts[1] for parts in names if parts[0] == "app" and len(parts) > 1} & set(LEVEL)


def test_every_room_has_its_floor() -> None:
    assert {room_of(path) for path in MODULES} <= set(LEVEL) | ROOF


def test_a_room_imports_only_rooms_below_it() -> None:
    climbs = [
        f"{path.relative_to(PROJECT)} imports app.{other}"
        for path in MODULES
        if (room := room_of(path)) in LEVEL and path != NAMES_TYPES_ONLY
        for other in rooms_imported(path) - {room}
        if LEVEL[other] <= LEVEL[room]
    ]
    assert climbs == []


def test_hints_questionnaires_and_scoring_know_neither_the_web_nor_the_database() -> None:
    impure = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in MODULES
        if room_of(path) in PURE
        for name in imports(path)
        if name.split(".")[0] in IMPURE or (name == "click" and path.name != "cli.py")
    ]
    assert impure == []


def test_each_library_stays_in_its_home() -> None:
    astray = [
        f"{where} imports {library}"
        for path in MODULES
        for library in {name.split(".")[0] for name in imports(path)} & set(HOMES)
        if not (where := path.relative_to(APP).as_posix()).startswith(HOMES[library])
    ]
    assert astray == []


def test_nothing_is_installed_that_nobody_imports() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {
        re.split(r"[\[<>=]", line)[0].lower().replace("_", "-") for line in project["dependencies"]
    }
    distributions = packages_distributions()
    used = {
        distribution.lower().replace("_", "-")
        for path in [*MODULES, PROJECT / "migrations" / "env.py"]
        for name in imports(path)
        for distribution in distributions.get(name.split(".")[0], [])
    }
    assert wanted - used == LOADED_BY_NAME


def test_a_module_has_at_most_400_lines_and_a_function_40() -> None:
    large = []
    for path in MODULES:
        text = path.read_text("utf-8")
        if (lines := len(text.splitlines())) > 400:
            large.append(f"{path.relative_to(PROJECT)}: {lines} lines")
        large += [
            f"{path.relative_to(PROJECT)}: {node.name}, {node.end_lineno - node.lineno + 1} lines"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno is not None
            and node.end_lineno - node.lineno >= 40
        ]
    assert large == []


def test_every_module_is_named_for_what_it_holds() -> None:
    empty = [path for path in MODULES if EMPTY_NAMES & {path.stem, *path.relative_to(APP).parts}]
    assert empty == []


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    silent = []
    for path in MODULES:
        tree = ast.parse(path.read_text("utf-8"))
        where = path.relative_to(PROJECT)
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(where))
        silent += [
            f"{where}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_nothing_committed_names_a_registry_or_a_folder_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    ).stdout
    foreign = []
    for name in filter(None, listed.decode().split("\0")):
        content = PROJECT / name
        if not content.is_file():
            continue
        try:
            text = content.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        foreign += [f"{name}: {match[0]}" for match in FOREIGN.finditer(text)]
    assert foreign == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-test.txt"])
def test_a_lock_holds_every_dependency_with_its_hashes(lock: str) -> None:
    text = (PROJECT / lock).read_text("utf-8")
    locked = {match[1] for match in re.finditer(r"^([a-z0-9-]+)==", text, re.MULTILINE)}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = list(project["dependencies"])
    if lock == "requirements-test.txt":
        lines += project["optional-dependencies"]["test"]
    names = {re.split(r"[\[<>=]", line)[0].lower().replace("_", "-") for line in lines}
    assert names <= locked
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S)", text.strip()))


def test_both_locks_agree() -> None:
    versions = [
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (PROJECT / lock).read_text("utf-8"), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-test.txt")
    ]
    assert versions[0].items() <= versions[1].items()
