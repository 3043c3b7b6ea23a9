"""No personal data in the logs, whatever happens: of web server, worker and beat, at their most talkative."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from pytest_django import Settings

from notices import webhooks
from notices.models import Notice
from people import memory, tokens
from tests.cast import PACKET, Cast
from tests.notices.receivers import Receiver, receiving
from tests.ownership_tracker.product import BEAT, WEB, WORKER, Product, free_port, running
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)

CUSTOMER, NUMBER, MAIL = "Customer Unmentionable", "+1 212 555 0142", "unmentionable@example.com"
WORDS = "She keeps her spare key under the flowerpot."
REJECTED, FROM = "0123456789rejected0123456789", "203.0.113.77"
STAFF = "bob.unlisted@example.com"
# Any part of what was said above, however it was written; of the number its last digits.
TELLING = re.compile(r"unmentionable|5550142|flowerpot|rejected0|203\.0\.113\.77|unlisted|sesame", re.IGNORECASE)

# Rules of the database that are broken by a name, and by what is sent.
BREAKING = """
ALTER TABLE tickets_customer ADD CONSTRAINT unforeseen CHECK (name <> 'Customer Unmentionable Again');
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'Not to % at %', NEW.payload, NEW.address; END $$;
CREATE TRIGGER failing BEFORE UPDATE ON notices_notice FOR EACH ROW
    WHEN (NEW.about = 'T-1' AND NEW.attempts > 0) EXECUTE FUNCTION fail()"""
MENDING = """
ALTER TABLE tickets_customer DROP CONSTRAINT IF EXISTS unforeseen;
DROP TRIGGER failing ON notices_notice; DROP FUNCTION fail()"""


class Refusing:
    """A mail server that knows nobody, and says whom not."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: object
    ) -> str:
        return f"550 5.1.1 <{address}> is not known here"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running_one:
        running_one.answers = [500]
        yield running_one


@pytest.fixture
def product(
    cast: Cast, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[Product]:
    """All of it, behind a proxy, with a mail server and a webhook that refuse what they get."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    webhooks.create(by=cast.adam, url=f"{receiver.url}&secret=sesame")
    cast.bob.email = STAFF
    cast.bob.save()
    port = free_port()
    mail_server = Controller(Refusing(), hostname="127.0.0.1", port=port)
    variables = {"LOG_LEVEL": "DEBUG", "BEHIND_TLS": "true", "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    mail_server.start()
    with connection.cursor() as cursor:
        cursor.execute(BREAKING)
        try:
            with running(tmp_path, monkeypatch, WEB, WORKER, BEAT, **variables) as started:
                yield started
        finally:
            cursor.execute(MENDING)
            mail_server.stop()


def test_nothing_that_is_said_of_anybody_is_logged(cast: Cast, ticket: Ticket, product: Product) -> None:
    rep, admin = tokens.create(cast.alice), tokens.create(cast.adam)
    statuses: list[int] = []

    def ask(method: str, path: str, body: object = None, *, token: str = rep, **headers: str) -> object:
        headers = {"X_Forwarded_Proto": "https", "X_Forwarded_For": FROM, **headers}
        status, _, said = product.ask(method, f"/api/v1/{path}", body, token=token, **headers)
        statuses.append(status)
        return said

    points = [{"kind": "phone", "value": NUMBER}, {"kind": "email", "value": MAIL}]
    contact = {"name": CUSTOMER, "contact_points": points, "preferences": WORDS}
    # What everybody does all day.
    customer = ask("POST", "customers/", contact)["id"]
    said = {"customer": customer, "team": "billing", "subject": f"{CUSTOMER} was charged twice", "description": WORDS}
    reference = ask("POST", "tickets/", said)["reference"]
    ask("POST", f"tickets/{reference}/notes/", {"text": f"{WORDS} {NUMBER} {MAIL}"})
    packet = {**PACKET, "need": f"{CUSTOMER} wants it back."}
    ask("POST", f"tickets/{reference}/handoffs/", {"to": "bob", "reason": "skill", **packet})
    for query in (f"phone={quote(NUMBER)}", f"q={quote(CUSTOMER)}"):
        ask("GET", f"customers/?{query}")
    ask("GET", f"tickets/?q={quote(CUSTOMER)}")
    ask("GET", f"tickets/{reference}/")
    assert set(statuses) <= {200, 201}, product.logged(WEB)

    # What is refused: incomplete, unknown, malformed, not there, too late, not theirs, not signed in.
    statuses.clear()
    ask("POST", f"tickets/{reference}/handoffs/", {"to": "bob", "reason": "skill", "need": CUSTOMER})
    ask("POST", "customers/", {**contact, CUSTOMER: MAIL, "value": WORDS, "since": NUMBER})
    ask("POST", "customers/", f'{{"name": "{CUSTOMER}'.encode())
    ask("GET", f"customers/{quote(MAIL)}/?phone={quote(NUMBER)}")
    ask("GET", f"people/{quote(CUSTOMER)}/")
    ask("PATCH", f"tickets/{reference}/", {"subject": WORDS}, If_Match='"999"')
    ask("DELETE", f"customers/?q={quote(CUSTOMER)}")
    ask("POST", "webhooks/", {"url": f"https://127.0.0.1/{MAIL}"})
    ask("GET", "customers/", Host="unmentionable.example.com")
    ask("GET", "me/", token=REJECTED)
    ask("GET", "me/", token=f"{REJECTED} {MAIL}")
    ask("GET", "me/", Authorization=f"Basic {REJECTED}")
    assert {status // 100 for status in statuses} == {4}, statuses
    assert {400, 401, 403, 404, 405, 412, 422} <= set(statuses), statuses

    # What breaks: a rule that nobody foresaw, the count of requests, and deliveries of all kinds.
    statuses.clear()
    ask("POST", "customers/", {**contact, "name": f"{CUSTOMER} Again"})
    assert statuses == [500]
    for minute in range(3):
        key = f"throttle:{FROM}:{int(time.time() // 60) + minute}"
        memory.valkey().delete(key)
        memory.valkey().lpush(key, "not a number")
    ask("GET", "me/", token=REJECTED)
    failed = {("address", "dead"), ("person", "dead"), ("webhook", "queued")}
    product.wait_for(lambda: failed <= {(line["to"], line["state"]) for line in product.lines("delivery", WORKER)})
    # What would write a header of its own is refused by Django in words that repeat it.
    Notice.objects.create(kind="receipt", address=f"{MAIL}\nBcc: {MAIL}", about="T-2")
    product.wait_for(lambda: product.lines("notice_cannot_be_sent", WORKER))
    Notice.objects.create(kind="receipt", address=MAIL, about="T-1", payload={"owner": CUSTOMER})
    product.wait_for(lambda: product.lines("task_failed", WORKER))
    assert ask("GET", "notices/deliveries/?state=dead", token=admin)["results"]

    assert product.lines("Internal Server Error", WEB)
    assert product.lines("memory_is_away", WEB)
    logged = product.logged()
    assert logged.count('"level": "debug"') > 10, "this was not at its most talkative"
    assert [line for line in logged.splitlines() if TELLING.search(re.sub(r"[-()\s]", "", line))] == []
