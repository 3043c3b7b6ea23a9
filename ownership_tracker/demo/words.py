"""What is said about one complaint: the texts of its kind, filled in with what makes it this one."""

import random
from datetime import datetime, timedelta

from handoffs.protocol import Reason
from ownership_tracker.demo import phrases
from ownership_tracker.demo.complaints import Complaint

ITEMS = ("router", "tablet", "headset", "television box", "telephone", "SIM card", "mesh repeater", "phone stand")
TOWNS = ("Eastmere", "Ashby Vale", "Port Linden", "Coldwater", "Highbarrow", "Millbridge", "Sandley", "New Harrow")


def invent(dice: random.Random, *, at: datetime, currency: str) -> dict[str, str]:
    """Return what a complaint made at `at` is about: sums, things, places, days."""
    return {
        "amount": f"{currency}{dice.randint(6, 189)}.{dice.choice(('00', '50', '90', '95', '99'))}",
        "item": dice.choice(ITEMS),
        "town": dice.choice(TOWNS),
        "order": f"order {dice.randint(20000, 98999)}",
        "day": f"{at - timedelta(days=dice.randint(1, 6)):%A}",
        "month": f"{at - timedelta(days=dice.randint(31, 75)):%B}",
    }


class Words:
    """The words of one complaint."""

    def __init__(self, complaint: Complaint, *, dice: random.Random, at: datetime, currency: str = "£") -> None:
        self.complaint, self._dice = complaint, dice
        self._details = invent(dice, at=at, currency=currency)
        self._read_backs = 0

    def __call__(self, text: str, **names: str) -> str:
        """Return a text of the complaint, or a phrase, as it reads in this one, beginning with a capital."""
        said = text.format(**{"gist": self.complaint.gist, **self._details, **names})
        return said[:1].upper() + said[1:]

    def one_of(self, pool: tuple[str, ...]) -> str:
        """Return one of several phrases."""
        return self(self._dice.choice(pool))

    def packet(self, reason: Reason, names: dict[str, str], *, on_call: bool, before: int) -> dict[str, str]:
        """Return what an owner writes who has had so many `before`: the first tells it, the others how it went on."""
        if not before:
            complaint = self.complaint
            said = {name: getattr(complaint, name) for name in ("need", "next_action", "expectation", "history")}
        else:
            said = dict(phrases.AGAIN[(before - 1) % len(phrases.AGAIN)])
        if on_call:
            said = {name: said[name] for name in ("need", "next_action")}
        else:
            said["history"] += " " + phrases.REASONS[reason]
            if self._dice.random() < 0.3:
                said["contingency"] = self._dice.choice(phrases.CONTINGENCIES)
            if self._dice.random() < 0.3:
                said["customer_told"] = self._dice.choice(phrases.CUSTOMERS_TOLD)
        return {name: self(text, **names) for name, text in said.items()}

    def read_back(self) -> str:
        """Return what the next receiver says back, which is not what the one before them said."""
        pool = (*self.complaint.read_backs, *phrases.AGAIN_READ_BACKS)
        self._read_backs += 1
        return self(pool[(self._read_backs - 1) % len(pool)])
