"""Two origins on one host: where a page finds the stream, and that its policy lets it."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_stream_has_the_host_of_the_page(client: Client, settings: Settings, host: str) -> None:
    settings.LIVE_URL = ":8001/live/"

    page = client.get("/", headers={"host": f"{host}:8000"})

    assert f'data-live="http://{host}:8001/live/"' in page.text
    assert f"connect-src 'self' http://{host}:8001/live/;" in page.headers["Content-Security-Policy"] + ";"


@pytest.mark.parametrize("address", ["/live/", ""])
def test_behind_a_proxy_it_is_an_address_like_any_other(client: Client, settings: Settings, address: str) -> None:
    settings.LIVE_URL = address

    page = client.get("/")

    assert f'data-live="{address}"' in page.text
    assert "connect-src 'self';" in page.headers["Content-Security-Policy"] + ";"


def test_a_host_that_a_policy_cannot_name_has_none(client: Client, settings: Settings) -> None:
    settings.LIVE_URL = ":8001/live/"
    settings.ALLOWED_HOSTS = ["[::1]"]

    page = client.get("/", headers={"host": "[::1]:8000"})

    assert 'data-live=""' in page.text
    assert "connect-src 'self';" in page.headers["Content-Security-Policy"] + ";"
