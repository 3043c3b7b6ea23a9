"""What people type comes back as they typed it, in any script."""

import pytest

from tests.api.calls import acknowledged
from tests.cast import Cast, client_of

TEXTS = {
    "emoji": "She is 😤👩‍👩‍👧‍👦 and wants €5 back 🇩🇪",
    "Arabic": "تم خصم المبلغ مرتين في مارس",
    "Hebrew with its marks": "חויבתי פעמיים \u200f(מרץ)\u200f",
    "both directions": "order \u2067ABC\u2069 לקוח 123",
    "Japanese": "三月に二重請求されました。",
    "combining marks": "Zu\u0308rich e\u0301 n\u0303",
    "lines": "first\nsecond\r\n\tthird",
    "JSON and HTML": '"}]\\ </script><b>&amp; \u2028\u2029.',
}


@pytest.fixture(params=TEXTS.values(), ids=TEXTS)
def text(request: pytest.FixtureRequest) -> str:
    """A text in one of many scripts."""
    return str(request.param)


def test_a_complaint_comes_back_intact(text: str, cast: Cast) -> None:
    client = client_of(cast.alice)
    said = {"customer": cast.customer.pk, "team": "billing", "subject": text, "description": text}
    opened = client.post("/api/v1/tickets/", said).json()
    read = client.get(f"/api/v1/tickets/{opened['reference']}/").json()
    assert (read["subject"], read["description"]) == (text, text)


def test_a_note_comes_back_intact(text: str, cast: Cast) -> None:
    at = f"/api/v1/tickets/{acknowledged(cast).reference}/"
    assert client_of(cast.alice).post(f"{at}notes/", {"text": text}).status_code == 200
    assert client_of(cast.alice).get(f"{at}timeline/").json()["results"][-1]["text"] == {"text": text}


def test_a_packet_comes_back_intact(text: str, cast: Cast) -> None:
    packet = {name: f"{text} {name}" for name in ("need", "next_action", "expectation", "history")}
    at = f"/api/v1/tickets/{acknowledged(cast).reference}/"
    offered = client_of(cast.alice).post(f"{at}handoffs/", {"to": "bob", "reason": "language", **packet})
    assert offered.json()["packet"] == packet


def test_a_customer_comes_back_intact_and_is_found(text: str, cast: Cast) -> None:
    client = client_of(cast.alice)
    created = client.post("/api/v1/customers/", {"name": text, "preferences": text}).json()
    assert (created["name"], created["preferences"]) == (text, text)
    found = client.get("/api/v1/customers/", {"q": text}).json()["results"]
    assert [customer["id"] for customer in found] == [created["id"]]
