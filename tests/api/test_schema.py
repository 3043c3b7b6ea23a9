"""The published schema is sound, and enough: a client that is generated from it drives a whole complaint."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from people import tokens
from people.models import Person
from tests.cast import PACKET, READ_BACK, Cast, in_hours, make_cast

CLIENT = "tracker_client"
# Told the apps, Django lets the TRUNCATE afterwards cascade to a table of knox's own that refers to our people.
over_the_wire = pytest.mark.django_db(transaction=True, available_apps=[app.name for app in apps.get_app_configs()])


def test_the_schema_is_valid_and_gives_no_warning(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))


def test_the_schema_is_served_to_whoever_asks(client: Any) -> None:
    served = client.get("/api/v1/schema/?format=json").json()
    assert served["openapi"].startswith("3.1")
    assert served["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A client, generated from the schema as anybody would."""
    place = tmp_path_factory.mktemp("client")
    schema, config = place / "schema.json", place / "config.yaml"
    call_command("spectacular", format="openapi-json", file=str(schema))
    config.write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(schema), "--meta", "none"]
    options = ["--config", str(config), "--output-path", str(place / CLIENT), "--fail-on-warning"]
    done = subprocess.run([*command, *options], cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(place))
    yield importlib.import_module(CLIENT)
    sys.path.remove(str(place))
    for name in [name for name in sys.modules if name.partition(".")[0] == CLIENT]:
        del sys.modules[name]


class Caller:
    """Somebody who calls the operations of the generated client by their names."""

    def __init__(self, client: ModuleType, url: str, person: Person) -> None:
        self.client = client.AuthenticatedClient(
            base_url=url, token=tokens.create(person), raise_on_unexpected_status=True
        )

    def call(self, tag: str, operation: str, *path: Any, **body: Any) -> Any:
        """Return the parsed answer to an operation; every keyword is a field of its body."""
        module = importlib.import_module(f"{CLIENT}.api.{tag}.{operation}")
        if body:
            wanted = module._get_kwargs.__annotations__["body"]
            answer = module.sync_detailed(*path, client=self.client, body=wanted.from_dict(body))
        else:
            answer = module.sync_detailed(*path, client=self.client)
        assert answer.status_code in (200, 201), answer.content
        return answer.parsed


@over_the_wire
def test_a_generated_client_drives_a_complaint_to_its_end(generated: ModuleType, live_server: LiveServer) -> None:
    cast: Cast = make_cast()
    alice, bob = (Caller(generated, live_server.url, person) for person in (cast.alice, cast.bob))
    words = {"subject": "Charged twice", "description": "The March invoice was taken two times."}
    ticket = alice.call("tickets", "open_ticket", customer=cast.customer.pk, team="billing", **words).reference

    promised = {"next_contact_at": in_hours(5).isoformat()}
    acknowledged = alice.call("tickets", "acknowledge", ticket, message="I will call you tonight.", **promised)
    assert acknowledged.status == "open"

    offer = alice.call("tickets", "offer_handoff", ticket, to="bob", reason="skill", urgency="hour", **PACKET)
    assert (offer.state, offer.packet.to_dict()) == ("offered", PACKET)
    soon = {"next_contact_at": in_hours(2).isoformat()}
    assert bob.call("handoffs", "accept_handoff", offer.id, read_back=READ_BACK, **soon).state == "accepted"

    contacted = bob.call("tickets", "record_contact", ticket, direction="outbound", summary="Told her it is mine.")
    assert contacted.owner.username == "bob"
    chain = bob.call("tickets", "get_chain", ticket)
    assert (chain.verified, [tenure.owner.username for tenure in chain.tenures]) == (True, ["alice", "bob"])
    for promise in [promise for tenure in chain.tenures for promise in tenure.promises]:
        assert bob.call("promises", "keep_promise", promise.id).state == "kept"

    cause = {"root_cause": "double_booking", "customer_agreed": True}
    assert bob.call("tickets", "resolve", ticket, resolution="Paid back.", **cause).status == "resolved"
    assert bob.call("tickets", "close", ticket, outcome="resolved").status == "closed"
    assert [entry.kind for entry in bob.call("tickets", "get_timeline", ticket).results][-1] == "closed"


@over_the_wire
def test_a_generated_client_reads_a_refusal(generated: ModuleType, live_server: LiveServer) -> None:
    cast: Cast = make_cast()
    lena = Caller(generated, live_server.url, cast.lena)
    module = importlib.import_module(f"{CLIENT}.api.tickets.get_ticket")
    answer = module.sync_detailed(cast.open_ticket().reference, client=lena.client)
    assert (answer.status_code, answer.parsed.title) == (404, "Not found")
