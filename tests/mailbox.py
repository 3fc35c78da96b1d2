"""A real SMTP server in the process of the tests, which keeps what it receives."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


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
        for _ in range(200):
            if len(self.received) >= count:
                return
            time.sleep(0.02)
        raise AssertionError(f"{len(self.received)} e-mails came, not {count}")


@contextmanager
def open_mailbox(**options: Any) -> Iterator[Mailbox]:
    """Serve a mailbox on this machine until the end of the block."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port(), **options)
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
