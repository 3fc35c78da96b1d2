"""The pages of the espace over few and many answers, cold and warm, and their ratio.

    python -m bench.bilan FOLDER [--small 1000] [--large 1000000] [--runs 9]

FOLDER keeps the two structures for the next run: a million answers take minutes to write. They
are invented as the demonstration is, then kept as a real structure: what came today is closed.
Cold is the first page after a start of the server; warm, the median of those after it.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Mapping
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from sqlite3 import connect
from statistics import median
from types import MappingProxyType
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bench.server import Running, demonstration

#: Since before the first answer: the longest list that somebody may ask for.
EVERYTHING = "de=2020-01&a=2039-12"

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "tableau de bord": "/espace",
        "compteurs": "/espace/compteurs",
        "indicateurs": "/espace/indicateurs",
        "… comparés": "/espace/indicateurs?comparer=an-dernier",
        "détail par lieu": "/espace/indicateurs/satisfaction.globale/details?par=lieu",
        "détail par porte": "/espace/indicateurs/satisfaction.globale/details?par=porte",
        "arrêter": "/espace/indicateurs/arreter",
        "campagnes": "/espace/campagnes",
        "réponses": "/espace/reponses",
        "… toutes": f"/espace/reponses?{EVERYTHING}",
        "… avec commentaire": f"/espace/reponses?{EVERYTHING}&commentaire=oui",
        "… dernière page": f"/espace/reponses?{EVERYTHING}&page=1000000",
        "… par porte": f"/espace/reponses?{EVERYTHING}&porte=affiche",
        "recherche": "/espace/reponses?q=ordinateur",
        "… dans tout": f"/espace/reponses?{EVERYTHING}&q=ordinateur",
    }
)


def prepared(folder: Path, responses: int) -> tuple[Running, dict[str, str]]:
    """Return a server over a structure of this size, made now or by a former run."""
    running = Running(folder / str(responses))
    said = running.folder / "said.txt"
    if not said.exists():
        began = time.perf_counter()
        known = demonstration(running, responses)
        said.write_text("\n".join(f"{name} {value}" for name, value in known.items()), "utf-8")
        print(f"{responses} responses written in {time.perf_counter() - began:.0f} s", flush=True)
    with closing(connect(running.folder / "recueil.sqlite3")) as database, database:
        database.execute("UPDATE organisation SET is_demo = 0")
    lines = said.read_text("utf-8").splitlines()
    return running, dict(line.split(maxsplit=1) for line in lines)


def sign_in(running: Running, known: dict[str, str]) -> OpenerDirector:
    """Return a browser that has signed in to the structure."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    address = f"http://127.0.0.1:{running.port}/espace/connexion"
    page = opener.open(address).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    names = re.findall(r'<input[^>]*type="(?:email|password)"[^>]*>', page)
    email, password = (re.search(r'name="([^"]+)"', tag) for tag in names)
    if not (token and email and password):
        raise RuntimeError(f"{address} is not a sign-in page")
    form = {
        "csrf_token": token[1],
        email[1]: known["identifiant"],
        password[1]: known["mot"].removeprefix("de passe").strip(),
    }
    opener.addheaders = [("Referer", address)]
    opener.open(address, urlencode(form).encode())
    return opener


def timed(opener: OpenerDirector, running: Running, page: str) -> float:
    """Return the milliseconds of one page."""
    began = time.perf_counter()
    reply = opener.open(f"http://127.0.0.1:{running.port}{page}")
    reply.read()
    assert reply.url.endswith(page), f"not signed in: {reply.url}"
    return 1000 * (time.perf_counter() - began)


def measured(folder: Path, size: int, runs: int) -> dict[str, tuple[float, float]]:
    """Return the milliseconds of each page, cold and warm, over a structure of this size."""
    running, known = prepared(folder, size)
    figures = {}
    for name, page in PAGES.items():
        running.start("/healthz")
        try:
            opener = sign_in(running, known)
            cold = timed(opener, running, page)
            figures[name] = cold, median(timed(opener, running, page) for _ in range(runs))
        finally:
            running.stop()
    return figures


def main() -> None:
    """Measure both sizes, and print one line a page with its ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    small, large = (measured(given.folder, size, given.runs) for size in (given.small, given.large))
    print(f"{'ms':22}{given.small:>10} cold  warm{given.large:>12} cold  warm   ratio cold  warm")
    for name in PAGES:
        (cold, warm), (large_cold, large_warm) = small[name], large[name]
        print(
            f"{name:22}{cold:15.0f}{warm:6.0f}{large_cold:17.0f}{large_warm:6.0f}"
            f"{large_cold / cold:13.2f}{large_warm / warm:6.2f}"
        )


if __name__ == "__main__":
    main()
