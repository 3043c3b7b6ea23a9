"""A call that is played: what its telephone system reports of it, and, beside that, what became of it.

Whoever plays a call knows what happens in it, and writes that down as the API should say it. Nothing here
asks `phones.calls`: what the server works out from the events is compared with what was played.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

# Numbers that are given to nobody: 555-0100 to 555-0199 of some North American area codes.
AREAS = (202, 206, 212, 213, 215, 216, 303, 305, 312, 313, 404, 412, 415, 503, 504, 512, 602, 612, 617, 702)
STEP = timedelta(milliseconds=1)


class Tape:
    """One call, recorded as it goes on. now: how far it is.

    outcome: fields of the call as GET phones/calls/ should have them, with times as times, and the
    conclusions as (cause, number).
    """

    def __init__(
        self, call_id: str, *, story: str, began_at: datetime, agents: Sequence[str], dice: random.Random
    ) -> None:
        self.call_id, self.story, self.now = call_id, story, began_at
        self.events: list[dict[str, Any]] = []
        self.dice = dice
        # Three of them meet this caller at most, no one twice.
        self.first, self.second, self.third = dice.sample(agents, 3)
        self.number = f"+1{dice.choice(AREAS)}55501{dice.randrange(100):02d}"
        self._numbered = dice.random() < 0.5
        self.outcome: dict[str, Any] = {
            "direction": "inbound",
            "number": self.number,
            "began_at": began_at,
            "answered_at": None,
            "ended_at": None,
            "ended_by": "",
            "provisional": False,
            "suspect": False,
            "spells": [],
            "transfers": [],
            "conclusions": [],
        }

    def waits(self, least: float, most: float) -> None:
        """Let so many seconds pass."""
        self.now += STEP * round(1_000 * self.dice.uniform(least, most))

    def reports(self, type_: str, /, **data: str) -> None:
        """Let the telephone system report something."""
        place = len(self.events) + 1
        event = {
            "id": f"{self.call_id}-{place}",
            "type": f"call.{type_}",
            "call_id": self.call_id,
            "occurred_at": self.now.isoformat(timespec="milliseconds"),
            "data": data,
        }
        # Some number what they report, others do not.
        self.events.append(event | {"sequence": place} if self._numbered else event)

    def rings(self) -> None:
        """A customer calls; some systems send numbers as people write them."""
        shown = self.number
        if self.dice.random() < 0.3:
            shown = f"+1 ({shown[2:5]}) {shown[5:8]}-{shown[8:]}"
        if self.dice.random() < 0.05:
            shown = self.outcome["number"] = ""  # withheld
        self.reports("ringing", **{"from": shown, "to": "500", "direction": "inbound"})

    def queues(self, least: float = 2, most: float = 45) -> None:
        """The customer waits for anybody."""
        self.waits(1, 3)
        self.reports("queued", queue="complaints")
        self.waits(least, most)

    def answers(self, agent: str) -> None:
        """Somebody picks up."""
        self.reports("answered", agent=agent)
        self.outcome["answered_at"] = self.outcome["answered_at"] or self.now

    def talks(self) -> None:
        """They talk."""
        self.waits(8, 80)

    def is_held(self, by: str, *, how: str, kind: str = "hold") -> None:
        """The customer is on hold for a while, which will end in that way; the caller of this says so next."""
        started_at = self.now
        self.reports("held", by=by, kind=kind)
        self.waits(6, 140)
        self.outcome["spells"].append(
            {
                "number": len(self.outcome["spells"]) + 1,
                "kind": kind,
                "by": by,
                "started_at": started_at,
                "ended_at": self.now,
                "how": how,
            }
        )

    def is_passed_on(self, kind: str, by: str, target: str, *, failed: bool = False) -> None:
        """The call goes to somebody else, who has been spoken with before (attended) or not (blind)."""
        self.reports("transferred", kind=kind, by=by, target=target)
        consulted = kind == "attended"
        self.outcome["transfers"].append(
            {
                "number": len(self.outcome["transfers"]) + 1,
                "kind": kind,
                "by": by,
                "target": target,
                "at": self.now,
                "picked_up_by": target if consulted else "",
                "picked_up_at": self.now if consulted else None,
                "failed": failed,
            }
        )

    def picks_up(self, agent: str) -> None:
        """It rang at whoever it was passed on to, and they pick up."""
        self.waits(2, 15)
        self.answers(agent)
        self.outcome["transfers"][-1] |= {"picked_up_by": agent, "picked_up_at": self.now}

    def ends(self, by: str, *, agent: str = "") -> None:
        """The call is over."""
        self.reports("ended", ended_by=by, **({"agent": agent} if agent else {}))
        self.outcome |= {"ended_at": self.now, "ended_by": by}

    def hangs_up_after_passing_on(self, agent: str) -> None:
        """Whoever has passed the call on hangs up, and it goes on without them."""
        self.waits(0.05, 1)
        self.reports("ended", ended_by="agent", agent=agent)

    def went_wrong(self, cause: str, number: int = 0) -> None:
        """The server must conclude that. number: of the spell or of the transfer; 0 is the call itself."""
        self.outcome["conclusions"].append((cause, number))
