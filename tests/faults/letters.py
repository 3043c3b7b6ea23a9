"""A real mail server, which keeps the ids of what it gets, and can fall silent."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Letters:
    """The ids of the letters that came in, in their order; while `answering` is cleared, none is confirmed."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.answering = threading.Event()
        self.answering.set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        letter: Any = message_from_bytes(envelope.content or b"")
        self.ids.append(letter["Message-ID"].strip("<>").partition("@")[0])
        while not self.answering.is_set():
            await asyncio.sleep(0.02)
        return "250 OK"


@contextlib.contextmanager
def receiving_letters(port: int) -> Iterator[Letters]:
    """Run a mail server on a port until the block ends."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # every command that it gets
    letters = Letters()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters
    finally:
        letters.answering.set()
        controller.stop()
