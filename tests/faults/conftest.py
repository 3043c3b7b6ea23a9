"""One installation for all tests of this folder, which leave it as they found it: running, and calm."""

import contextlib
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db.models import Value
from django.db.models.functions import Concat
from pytest_django import DjangoDbBlocker

from notices.models import Webhook
from ownership_tracker import servers
from people.models import Person
from tests.cast import make_cast
from tests.faults import checks
from tests.faults.installation import Installation, free_port, looking_into
from tests.faults.lengths import SOAKING
from tests.faults.letters import receiving_letters
from tests.faults.world import World
from tests.notices.receivers import receiving

REPORT = pytest.StashKey[World]()


@pytest.fixture(scope="package")
def one_world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    """An installation with everybody in it, every part of which runs."""
    with contextlib.ExitStack() as stack:
        receiver = stack.enter_context(receiving())
        port = free_port()
        letters = stack.enter_context(receiving_letters(port))
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "WEBHOOK_ALLOW_PRIVATE": "true"}
        place = stack.enter_context(servers.throwaway())
        installation = Installation(place, tmp_path_factory.mktemp("logs"), mail)
        stack.callback(installation.close)
        installation.database.start()
        installation.broker.start()
        with django_db_blocker.unblock(), looking_into(installation):
            call_command("migrate", verbosity=0)
            for part in (installation.web, installation.worker, installation.beat):
                part.start()
            cast = make_cast()
            Person.objects.update(email=Concat("username", Value("@example.org")))
            Webhook.objects.create(url=receiver.url, secrets=["whsec_Zm9yIHRlc3RzIG9ubHk="], created_by=cast.adam)
        world = request.config.stash[REPORT] = World(installation, cast, receiver, letters)
        yield world
        for name, part in installation.parts.items():
            world.figures[f"times that this part was stopped or killed: {name}"] = part.stops


@pytest.fixture
def world(one_world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The same, with the models of the test reading its database."""
    with django_db_blocker.unblock(), looking_into(one_world.installation):
        one_world.installation.wait_until(lambda: one_world.installation.ready()[0] == 200, "it is ready")
        one_world.settle()
        yield one_world


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After a soak, say what was checked and how much happened."""
    world = config.stash.get(REPORT, None)
    if not SOAKING or world is None:
        return
    terminalreporter.section("what was checked")
    for sentence in checks.CHECKED:
        terminalreporter.line(f"- {sentence}")
    terminalreporter.section("how much happened")
    for name, number in world.figures.items():
        terminalreporter.line(f"{number:>10} {name}")
    terminalreporter.line(f"{world.latest:>10.1f} seconds by which the latest step was seen late")
