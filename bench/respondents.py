"""Respondents that cost little: raw sockets kept open, each answer from an address of its own.

Alone, as a process of its own beside the server:

    python -m bench.respondents PORT PATH --seconds 10 --at-once 8

GETs the form, fills it, POSTs it, again and again, and prints what it measured as JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import threading
import time
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import NamedTuple
from urllib.parse import quote_plus

TEXT = "J’ai rempli ma demande toute seule, sans appeler ma fille. Merci 🌻"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Reply(NamedTuple):
    """Hold one response of the server."""

    status: int
    body: bytes


class Visitor:
    """Be one open connection of a trusted proxy; the address of the visitor is a header."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = self._open()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def get(self, path: str, address: str) -> Reply:
        """Fetch a page, compressed as a browser asks for it."""
        return self._send(f"GET {path} HTTP/1.1\r\n{self._headers(address)}\r\n".encode())

    def post(self, path: str, address: str, body: bytes) -> Reply:
        """Send a filled form."""
        head = (
            f"POST {path} HTTP/1.1\r\n{self._headers(address)}Sec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return self._send(head.encode() + body)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _headers(self, address: str) -> str:
        return (
            f"Host: 127.0.0.1:{self._port}\r\nX-Forwarded-For: {address}\r\n"
            "Accept-Encoding: gzip\r\nAccept: text/html\r\n"
        )

    def _send(self, request: bytes) -> Reply:
        self._socket.sendall(request)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end]
        length = _LENGTH.search(head)
        if length is None:
            raise ConnectionError(f"no Content-Length: {head[:200]!r}")
        body = bytearray(received[end + 4 :])
        while len(body) < int(length[1]):
            body += self._more()
        if b"close" in head.lower().partition(b"connection:")[2][:8]:
            self._socket.close()
            self._socket = self._open()
        return Reply(int(head[9:12]), bytes(body))

    def _more(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("closed by the server")
        return data


def text_of(body: bytes) -> bytes:
    """Return a body without its compression."""
    return zlib.decompress(body, 47) if body[:2] == b"\x1f\x8b" else body


@dataclass
class Form(HTMLParser):
    """Be the fields of a page: the last choice of each question, a text in each box."""

    chosen: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field."""
        values = dict(attrs)
        name, value = values.get("name"), values.get("value") or ""
        if tag == "textarea" and name:
            self.chosen[name] = TEXT
        elif tag == "input" and name:
            match values.get("type"):
                case "hidden":
                    self.hidden.add(name)
                case "radio":
                    if name not in self.chosen or value not in {"nsp", "nc", "refus", "autre"}:
                        self.chosen[name] = value
                case "checkbox":
                    self.chosen.setdefault(name, value)

    @classmethod
    def of(cls, page: bytes) -> Form:
        """Read a page."""
        form = cls()
        form.feed(page.decode())
        return form

    def filled(self, page: bytes) -> bytes:
        """Return the body to post: our answers, and the hidden fields of this very page."""
        hidden = {name: _hidden(page, name) for name in self.hidden}
        return encode({**self.chosen, **hidden})


def _hidden(page: bytes, name: str) -> str:
    tag = re.search(rb'<input[^>]*name="?' + re.escape(name.encode()) + rb'"?[^>]*>', page)
    value = tag and re.search(rb'value="?([^">]*)"?', tag[0])
    return value[1].decode() if value else ""


def encode(fields: dict[str, str]) -> bytes:
    """Return the fields as a browser sends them."""
    return "&".join(f"{quote_plus(k)}={quote_plus(v)}" for k, v in fields.items()).encode()


_ADDRESSES = count(1)


def address() -> str:
    """Return the address of one more respondent."""
    number = next(_ADDRESSES)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass
class Measured:
    """Gather what all respondents waited, in seconds, and what was refused to them."""

    gets: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def respond(self, port: int, path: str, form: Form, until: float) -> None:
        """Be one respondent, who answers again and again until that time."""
        visitor = Visitor(port)
        while (began := time.perf_counter()) < until:
            who = address()
            page = visitor.get(path, who)
            got = time.perf_counter()
            body = form.filled(text_of(page.body))
            sending = time.perf_counter()
            thanks = visitor.post(path, who, body)
            self.posts.append(time.perf_counter() - sending)
            self.gets.append(got - began)
            if (page.status, thanks.status) != (200, 200):
                self.refused.append(thanks.status)
        visitor.close()


def answer_for(port: int, path: str, seconds: float, at_once: int) -> dict[str, object]:
    """Answer again and again, and return what was measured."""
    visitor = Visitor(port)
    form = Form.of(text_of(visitor.get(path, address()).body))
    visitor.close()
    measured = Measured()
    given = (port, path, form, time.perf_counter() + seconds)
    threads = [threading.Thread(target=measured.respond, args=given) for _ in range(at_once)]
    started, spent = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    return {
        "cycles": len(measured.posts),
        "per_second": round(len(measured.posts) / elapsed, 1),
        "refused": measured.refused[:5],
        "get_p50_ms": _percentile(measured.gets, 50),
        "post_p50_ms": _percentile(measured.posts, 50),
        "post_p99_ms": _percentile(measured.posts, 99),
        "client_processor": round((time.process_time() - spent) / elapsed, 2),
        "fields": len(form.chosen),
    }


def _percentile(values: list[float], rank: int) -> float:
    ordered = sorted(values) or [0.0]
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * rank // 100)], 2)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--at-once", type=int, default=8)
    given = parser.parse_args()
    print(json.dumps(answer_for(given.port, given.path, given.seconds, given.at_once)))
