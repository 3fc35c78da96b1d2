"""What a phone pays for the first page: bytes, requests, largest paint on a slow 3G.

    python -m bench.page_weight [--runs 7] [--questionnaire satisfaction]

Ours against a static page with the same text, pictures and styles (our own page as the browser
shows it once its script has run, without that script), served compressed by a server that does
nothing else. Slow 3G: 400 ms of round trip, 400 kbit/s; processor 4 times slower.
"""

from __future__ import annotations

import argparse
import gzip
import re
import tempfile
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Request, sync_playwright

from bench.cycles import link
from bench.server import Running

CHROMIUM = "/usr/bin/chromium"
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
LARGEST_PAINT = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { last = e.startTime; }))
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last), 600);
})"""


class Static(BaseHTTPRequestHandler):
    """Answer every path with one compressed page."""

    protocol_version = "HTTP/1.1"

    def __init__(self, page: bytes, *arguments: Any) -> None:
        self._page = page
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(self._page)))
        self.end_headers()
        self.wfile.write(self._page)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def visit(browser: Browser, url: str) -> tuple[float, int, int]:
    """Return the largest paint in ms, the bytes of the bodies and the number of requests."""
    context = browser.new_context(viewport={"width": 360, "height": 620}, locale="fr-FR")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    finished: list[Request] = []
    # Playwright cannot wrap a built-in method.
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108
    page.goto(url, wait_until="load")
    paint = page.evaluate(LARGEST_PAINT)
    received = sum(request.sizes()["responseBodySize"] for request in finished)
    context.close()
    return paint, received, len(finished)


def without_script(browser: Browser, url: str) -> bytes:
    """Return the page as the browser shows it, frozen: no script, nothing to fetch."""
    page = browser.new_page(viewport={"width": 360, "height": 620})
    page.goto(url, wait_until="load")
    html = page.content()
    page.close()
    return re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL).encode()


def main() -> None:
    """Visit both in turns, and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--questionnaire", default="satisfaction")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        running = Running(Path(folder))
        code = link(running, given.questionnaire)
        running.start(f"/{code}")
        ours = f"http://127.0.0.1:{running.port}/{code}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        frozen = gzip.compress(without_script(browser, ours), 9, mtime=0)
        static = ThreadingHTTPServer(("127.0.0.1", 0), partial(Static, frozen))
        threading.Thread(target=static.serve_forever, daemon=True).start()
        addresses = {"ours": ours, "static": f"http://127.0.0.1:{static.server_port}/"}
        paints: dict[str, list[float]] = {name: [] for name in addresses}
        for _ in range(given.runs):
            for name, url in addresses.items():
                paint, received, requests = visit(browser, url)
                paints[name].append(paint)
                print(f"{name:6} {paint:7.0f} ms {received:7} bytes {requests} requests")
        browser.close()
        static.shutdown()
        running.stop()
    print(f"ratio  {median(paints['ours']) / median(paints['static']):.2f} (largest paint)")


if __name__ == "__main__":
    main()
