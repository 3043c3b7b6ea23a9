"""Whatever is sent to any operation, what comes back is documented: schemathesis makes up what is sent.

The paths name real things of the cast and the token is its owner's, so that the bodies are really read.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from people import tokens
from tests.api.calls import CALLS, Call
from tests.api.conformance import operations, published
from tests.cast import Cast

EXAMPLES = 10
TEMPLATES = {
    operation["operationId"]: path for path, methods in published()["paths"].items() for operation in methods.values()
}


@pytest.fixture(autouse=True)
def _connection_stays() -> Iterator[None]:
    """A request ends with the connection as it was, as with Django's own test client: the test's is one of its."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@functools.cache
def schema() -> Any:
    """Return the schema as it is served, bound to the application."""
    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


def names_in(call: Call, template: str) -> dict[str, str]:
    """Return what the path of a call names, by the parameters of its template."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
    found = re.fullmatch(pattern, call.url)
    assert found is not None, (call.url, template)
    return found.groupdict()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", sorted(operations()))
def test_every_answer_is_documented(operation: str, mode: GenerationMode, cast: Cast) -> None:
    call = CALLS[operation](cast)
    template = TEMPLATES[operation]
    strategy = schema()[template][call.method].as_strategy(
        generation_mode=mode, path_parameters=names_in(call, template)
    )
    headers = {"Authorization": f"Bearer {tokens.create(call.by)}"}

    @given(case=strategy)
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    def send(case: schemathesis.Case) -> None:
        with transaction.atomic():
            # What has the right shape may still be refused: a customer that does not exist, a stock phrase.
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
            transaction.set_rollback(True)

    send()
