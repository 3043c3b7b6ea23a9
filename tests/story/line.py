"""The telephone system of the story: what it reports, over REST with the token of its own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from tests.phones.lines import CALLER, event
from tests.story.stage import Desk, Stage

EXTENSIONS = {"alice": "101", "bob": "102", "carol": "103"}


@dataclass(frozen=True)
class Line:
    """The telephone system, and who looks at what became of its calls."""

    system: Desk
    auditor: Desk

    def reports(self, call: str, type_: str, **data: str) -> list[str]:
        """Report what happens now, and return what the call concludes."""
        (result,) = self.system.post("phones/events/", **event(call, type_, timezone.now(), **data))["results"]
        assert (result["status"], result["suspect"]) == ("accepted", False)
        return list(result["concluded"])

    def rings(self, call: str) -> None:
        """She calls, and gets somebody."""
        assert self.reports(call, "ringing", **{"from": CALLER, "to": "500", "direction": "inbound"}) == []

    def route(self) -> dict[str, Any]:
        """Return where she belongs, as the telephone system asks."""
        return dict(self.system.get(f"phones/route/?from={quote(CALLER)}"))

    def call(self, name: str) -> dict[str, Any]:
        """Return what is known of a call."""
        (found,) = (each for each in self.auditor.get("phones/calls/")["results"] if each["call_id"] == name)
        return dict(found)


def connected(stage: Stage) -> Line:
    """Return Billing's new telephone system; its people have signed in to their extensions."""
    said = {"slug": "pbx", "name": "The PBX", "team": "billing", "region": "US"}
    token = stage.people["adam"].post("phones/sources/", **said)["token"]
    for name, extension in EXTENSIONS.items():
        stage.people[name].put("me/extension/", extension=extension)
    return Line(Desk(stage.product, token), stage.people["ada"])
