"""The page of indicators over few and many responses, cold and warm.

    python -m bench.bilan FOLDER [--small 1000] [--large 1000000] [--runs 15]

FOLDER keeps the two demonstration structures for the next run: a million answers take minutes
to write. Cold is the first page after a start of the server; warm, the median of those after it.
"""

from __future__ import annotations

import argparse
import re
import time
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bench.server import Running, demonstration

PAGE = "/espace/indicateurs"


def prepared(folder: Path, responses: int) -> tuple[Running, dict[str, str]]:
    """Return a server over a demonstration of this size, made now or by a former run."""
    running = Running(folder / str(responses))
    said = running.folder / "said.txt"
    if not said.exists():
        began = time.perf_counter()
        known = demonstration(running, responses)
        said.write_text("\n".join(f"{name} {value}" for name, value in known.items()), "utf-8")
        print(f"{responses} responses written in {time.perf_counter() - began:.0f} s", flush=True)
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


def timed(opener: OpenerDirector, running: Running) -> float:
    """Return the milliseconds of one page."""
    began = time.perf_counter()
    reply = opener.open(f"http://127.0.0.1:{running.port}{PAGE}")
    reply.read()
    assert reply.url.endswith(PAGE), f"not signed in: {reply.url}"
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    """Measure both sizes, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    figures = {}
    for size in (given.small, given.large):
        running, known = prepared(given.folder, size)
        running.start("/healthz")
        opener = sign_in(running, known)
        cold = timed(opener, running)
        warm = median(timed(opener, running) for _ in range(given.runs))
        running.stop()
        figures[size] = cold, warm
        print(f"{size:8} responses: cold {cold:6.0f} ms, warm {warm:6.0f} ms", flush=True)
    (small_cold, small_warm), (cold, warm) = figures[given.small], figures[given.large]
    print(f"ratio  cold {cold / small_cold:.2f}, warm {warm / small_warm:.2f}")


if __name__ == "__main__":
    main()
