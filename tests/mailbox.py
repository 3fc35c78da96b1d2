"""A real SMTP server in the process of the tests, which keeps what it receives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

#: Seconds that a machine with much to do may take for what a moment does elsewhere.
PATIENCE = 60.0


class Mailbox:
    """Keep every e-mail received, or refuse them all."""

    def __init__(self) -> None:
        self.port = 0
        self.received: list[EmailMessage] = []
        self.is_refusing = False

    async def handle_DATA(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        """Take an e-mail as a server does."""
        if self.is_refusing:
            return "550 no"
        content = cast(bytes, envelope.content)
        message = message_from_bytes(content, policy=policy.default)
        self.received.append(cast(EmailMessage, message))
        return "250 OK"

    def text(self, number: int = -1) -> str:
        """Return the words of an e-mail, with plain spaces."""
        found = self.received[number].get_content()
        return str(found).replace("\u202f", " ").replace("\u00a0", " ")

    def wait(self, count: int) -> None:
        """Wait until so many e-mails came."""
        until = time.monotonic() + PATIENCE
        while len(self.received) < count:
            assert time.monotonic() < until, f"{len(self.received)} e-mails came, not {count}"
            time.sleep(0.02)


class _Server(Controller):
    """Take the port that the machine gives, and keep it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def open_mailbox(**options: Any) -> Iterator[Mailbox]:
    """Serve a mailbox on this machine until the end of the block."""
    mailbox = Mailbox()
    controller = _Server(mailbox, hostname="127.0.0.1", port=0, ready_timeout=PATIENCE, **options)
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()
