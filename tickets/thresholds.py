"""How much is too much, how long too long: the numbers behind every flag. Pure.

The defaults are those of the design's table. A team may set its own (see `tuning`); what it has not set
follows the defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Thresholds:
    """The numbers of one team, each with its unit in its name.

    Seconds marked (w) run in the team's working time, the others by the wall clock; days are working days.
    A `reminder` tells the owner, an `amber` and a `red` raise a flag.
    """

    acknowledge_phone_seconds: int = 60 * 60  # (w) the limit; amber at its half
    acknowledge_other_seconds: int = 4 * 60 * 60  # (w)
    bounced_amber_owners: int = 3
    bounced_red_owners: int = 4
    bounced_red_owners_chased: int = 3  # when the customer asked within seven days
    ping_pong_amber_returns: int = 1
    ping_pong_red_returns: int = 2
    hot_potato_amber_owners: int = 3  # within 24 hours
    hot_potato_red_owners: int = 4
    refused_amber_offers: int = 2
    refused_red_offers: int = 3
    repeat_contact_amber_chases: int = 2  # within seven days
    repeat_contact_red_chases: int = 3
    call_hold_reminder_seconds: int = 60
    call_hold_amber_seconds: int = 120
    call_hold_red_seconds: int = 240
    call_hold_abandoned_seconds: int = 600  # nobody came back
    ticket_hold_red_days: int = 1  # past the promised return
    promise_reminder_seconds: int = 15 * 60  # before it is due
    promise_red_seconds: int = 15 * 60  # past due
    cold_transfer_red_seconds: int = 15 * 60  # after a transfer without a handoff, which is amber at once
    unintroduced_red_seconds: int = 4 * 60 * 60  # (w)
    silent_amber_days: int = 3
    silent_red_days: int = 5
    packet_owed_amber_seconds: int = 15 * 60
    packet_owed_red_seconds: int = 60 * 60  # (w)
    help_unanswered_red_days: int = 1  # past the time by which an answer was asked for
    manager_deputy_seconds: int = 2 * 60  # a manager who was asked for does not answer: the deputy is rung
    manager_asked_amber_seconds: int = 15 * 60  # (w)
    manager_asked_red_seconds: int = 60 * 60  # (w) by then the customer is called back, too
    climb_seconds: int = 60 * 60  # (w) a red flag that nobody takes on goes to the next manager above
    load_limit_tickets: int = 40  # live tickets for each rep; beyond it, flags are marked with it


DEFAULTS = Thresholds()
NAMES = tuple(each.name for each in fields(Thresholds))

# The most that makes sense, by unit; the least is one.
MOST = {"seconds": 30 * 24 * 60 * 60, "days": 60}
MOST_COUNTED = 1000


def of(own: Mapping[str, int]) -> Thresholds:
    """Return the thresholds of a team that has set `own` (`Team.thresholds`)."""
    return Thresholds(**own) if own else DEFAULTS


def most(name: str) -> int:
    """Return the largest value that a threshold may have."""
    return MOST.get(name.rpartition("_")[2], MOST_COUNTED)


def wrong_with(own: Mapping[str, int]) -> dict[str, str]:
    """Return what is wrong with the thresholds that a team would set, by name; empty when nothing is."""
    wrong = {name: "There is no such threshold." for name in own if name not in NAMES}
    wrong |= {
        name: f"Between 1 and {most(name)}."
        for name, value in own.items()
        if name not in wrong and not 1 <= value <= most(name)
    }
    if wrong:
        return wrong
    together = of(own)
    for lower, higher in _PAIRS:
        if getattr(together, lower) > getattr(together, higher):
            wrong[lower if lower in own else higher] = f"{lower} cannot lie beyond {higher}."
    return wrong


# What comes first cannot come later than what is worse.
_PAIRS = [
    *((name, name.replace("amber", "red")) for name in NAMES if name.replace("amber", "red") in NAMES),
    ("call_hold_reminder_seconds", "call_hold_amber_seconds"),
    ("call_hold_red_seconds", "call_hold_abandoned_seconds"),
    ("bounced_amber_owners", "bounced_red_owners_chased"),
    ("manager_deputy_seconds", "manager_asked_red_seconds"),
]
