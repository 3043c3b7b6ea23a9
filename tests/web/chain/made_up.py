"""Chains for the picture's tests: made up, from nothing but numbers."""

from datetime import timedelta
from itertools import pairwise

from tests.cast import utc
from web.pictures.story import Hold, Mark, Offer, Owner, Promise, Story, Tenure

BEGIN = utc(2027, 3, 1, 9)
NAMES = ("Alice", "Bob", "Carol", "Luis", "Lena", "Maya")


def minutes(number: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=number)


def passed_around(*lengths: float, why: str = "Needs another skill") -> Story:
    """Return a chain of so many tenures, of so many minutes each; in each the customer calls, waits, is promised."""
    edges = [BEGIN]
    for length in lengths:
        edges.append(edges[-1] + minutes(length))
    who = [NAMES[(place * place + place // 3) % len(NAMES)] for place in range(len(lengths))]
    # Nobody hands it to themselves.
    for place in range(1, len(who)):
        if who[place] == who[place - 1]:
            who[place] = NAMES[(NAMES.index(who[place]) + 1) % len(NAMES)]
    tenures, holds, promises, offers, marks = [], [], [], [], []
    for place, (begin, end) in enumerate(pairwise(edges)):
        number, part = place + 1, (end - begin) / 10
        last = number == len(lengths)
        tenures.append(
            Tenure(
                number=number,
                owner=who[place],
                began=begin,
                ended=None if last else end,
                how=("accepted", "taken_over", "inherited", "imported")[place % 4] if place else "opened",
                offered=begin - minutes(lengths[place - 1]) / 10 if place % 4 == 0 and place else None,
                why=why,
                length=f"{lengths[place]:.0f} min",
            )
        )
        kind = ("call", "ticket")[place % 2]
        holds.append(Hold(number, kind, begin + part, begin + 2 * part, None if last else begin + 3 * part))
        state = ("open", "kept", "withdrawn")[place % 3]
        promises.append(Promise(number, begin, begin + 4 * part, begin + 5 * part if state != "open" else None, state))
        offers.append(Offer(number, begin + 6 * part, None if last else begin + 7 * part, label="Bob: Declined"))
        marks.append(Mark(("flag_red", "flag_amber")[place % 2], begin, label="Bounced"))
        marks += [Mark(kind, begin + 8 * part) for kind in ("in", "out", "chase")]
        marks.append(Mark("call", begin + part, begin + 3 * part))
    owners = tuple(Owner(name, name, "Billing" if name in NAMES[:3] else "Logistics") for name in dict.fromkeys(who))
    return Story(owners, tuple(tenures), edges[-1], False, tuple(holds), tuple(promises), tuple(offers), tuple(marks))


TWO = passed_around(55, 65)
TWENTY = passed_around(*(7 * 1.6**number % 6000 for number in range(20)))
THREE_MONTHS = passed_around(*(4_000 if number % 3 else 2 for number in range(30)))
AT_ONCE = passed_around(5, 0, 0, 0, 90)
SILENCE = passed_around(3, 7, 30 * 60)
EVERY = {"two": TWO, "twenty": TWENTY, "three months": THREE_MONTHS, "at once": AT_ONCE, "silence": SILENCE}
