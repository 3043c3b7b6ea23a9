"""How a team works: what comes in, how long things take, what goes wrong how often, and why that is ordinary.

A rep's day has seven and a half hours: fifty calls are one every nine minutes. A complaint costs its owner
some 25 minutes until it is put right (the call, one or two calls back, what lies between); seven of those and
forty-odd short calls fill the day. More would be another team, fewer an easy week.
"""

from dataclasses import dataclass, field, replace

# Of these, one is drawn by weight: (weight, from, to), in minutes.
Spread = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Rates:
    """Shares are probabilities from 0 to 1; what is asked when stands beside it."""

    calls: int = 50  # for each rep and day
    # What a call is, in fiftieths. Only the first three touch a ticket: somebody complains, somebody with an
    # open complaint has a question or something to add, somebody returns our call.
    kinds: dict[str, int] = field(
        default_factory=lambda: {"complaint": 7, "about_a_ticket": 6, "reply": 2, "enquiry": 29, "wrong_number": 6}
    )
    # A wrong number or an enquiry for which a ticket is opened before that becomes clear.
    opened_by_mistake: float = 0.01

    # On the line
    put_on_hold: float = 0.12  # while something is looked up
    hold_seconds: tuple[float, float] = (28, 0.4)  # median and spread (log-normal): one in forty over a minute
    walks_off: float = 0.01  # and asks a colleague about it, for minutes
    comes_back_when_nudged: float = 0.85
    chases: float = 0.04  # of those who call about their ticket; in most shops a promise known saves that call
    wants_manager: float = 0.006

    # A complaint
    solved_at_once: float = 0.35
    # "I'll do it" is said at the end of the call and noted in the wrap-up; at times the next caller comes
    # first; one in 140 is forgotten until its owner looks through the list.
    acknowledged_after: Spread = ((0.965, 1, 8), (0.028, 10, 27), (0.007, 32, 75))
    solved_by_a_call: float = 0.6
    promised_in: Spread = ((0.6, 60, 300), (0.4, 300, 900))  # working minutes: today; tomorrow or the day after
    has_it_in_mind: float = 0.85  # calls by themselves before it is due; the others rely on the reminder
    heeds_reminder: float = 0.96
    called_too_late: Spread = ((0.7, 2, 15), (0.3, 15, 90))  # minutes past due, without both
    renegotiates: float = 0.05  # it takes longer, and the customer hears that in time
    asks_for_help: float = 0.08
    answers_late: float = 0.06
    waits_for_others: float = 0.1  # a supplier, a technician: the ticket is on hold for a day or two
    returns_late: float = 0.03

    # Handing on
    handed_on: float = 0.04  # whoever hears a complaint can put nearly every one right
    while_on_the_line: float = 0.2  # of those
    declines: float = 0.05
    never_answers: float = 0.02
    meets_customer_late: float = 0.04

    # People
    covered_at_lunch: float = 0.97
    manager_picks_up: float = 0.9
    manager_closes_flags: float = 1.0  # those that do not clear by themselves


ORDINARY = Rates()

# Half of the team has left, and the calls are still those of twelve: nobody has time, so whatever can wait
# waits, what is promised is promised hastily, and what can be passed on is passed on.
UNDERSTAFFED = replace(
    ORDINARY,
    calls=100,
    chases=0.15,
    wants_manager=0.01,
    solved_at_once=0.25,
    solved_by_a_call=0.4,
    acknowledged_after=((0.8, 2, 15), (0.13, 15, 30), (0.07, 32, 120)),
    has_it_in_mind=0.5,
    heeds_reminder=0.6,
    asks_for_help=0.05,
    answers_late=0.4,
    handed_on=0.25,
    declines=0.25,
    never_answers=0.1,
    meets_customer_late=0.3,
    covered_at_lunch=0.3,
    manager_picks_up=0.5,
)
