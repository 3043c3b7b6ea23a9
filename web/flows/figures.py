"""The figures of the flows, in words: what each counts, and from which rows."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from insights import measures
from insights.measures import Measure, Tally


@dataclass(frozen=True)
class Mark:
    """A number that opens its list. count: how many rows the list has; url: "" where there is nothing to list.

    of: the part and the whole of a share, in words.
    """

    text: str
    url: str = ""
    count: int = 0
    of: str = ""


class Says(StrEnum):
    """What a figure says of its rows."""

    COUNT = "count"
    SHARE = "share"
    MEDIAN = "median"
    NINETIETH = "ninetieth"
    LONGEST = "longest"


LASTING = (Says.MEDIAN, Says.NINETIETH, Says.LONGEST)


@dataclass(frozen=True)
class Figure:
    """A number of a measure: of a part of its rows, or as a share `of` another part ("" is all of them)."""

    slug: str
    label: Lazy
    measure: Measure
    part: str = ""
    says: Says = Says.COUNT
    of: str = ""

    def value(self, tally: Tally) -> float | None:
        """Return the number; None where there is nothing to say anything of."""
        if self.says == Says.COUNT:
            return tally.part(self.part)
        if self.says == Says.SHARE:
            whole = tally.part(self.of)
            return tally.part(self.part) / whole if whole else None
        lasted: float | None = getattr(tally, self.says)
        return lasted

    @property
    def lasts(self) -> bool:
        """Whether it is a length of time."""
        return self.says in LASTING


@dataclass(frozen=True)
class Chapter:
    """Figures that belong together; `counted`: what they count, from which rows."""

    title: Lazy
    counted: Lazy
    figures: tuple[Figure, ...]


CHAPTERS = (
    Chapter(
        _("Changes of owner"),
        _(
            "Each change of owner by the day on which it happened: accepted handoffs and claims, take-overs, what was "
            "inherited from somebody who left, and what an imported history says. Back: to somebody who had owned the "
            "ticket before. From the chains of the tickets."
        ),
        (
            Figure("changes", _("Changes"), measures.CHANGES),
            Figure("came_back", _("Back to an earlier owner"), measures.CHANGES, "came_back", Says.SHARE),
        ),
    ),
    Chapter(
        _("Time to a yes"),
        _(
            "From an offer or a claim to the yes, the wait for a manager's approval included, by the day of the yes. "
            "From the handoffs that were accepted: an imported history has none."
        ),
        (
            Figure("yes_median", _("Median"), measures.ACCEPTANCES, says=Says.MEDIAN),
            Figure("yes_ninetieth", _("90 % within"), measures.ACCEPTANCES, says=Says.NINETIETH),
        ),
    ),
    Chapter(
        _("Holds"),
        _(
            "Times that a customer waited because of us, on the line or for days, by the day on which they began. "
            "Overdue: nobody was back by the time last promised; an imported history knows no such time, and its "
            "holds stay out of that share. Lost: the caller hung up on hold, or we did. From the holds of the tickets."
        ),
        (
            Figure("holds", _("Holds"), measures.HOLDS),
            Figure("holds_overdue", _("Overdue"), measures.HOLDS, "overdue", Says.SHARE, of="promised"),
            Figure("holds_longest", _("Longest"), measures.HOLDS, says=Says.LONGEST),
            Figure("holds_lost", _("Lost on hold"), measures.HOLDS, "lost"),
        ),
    ),
    Chapter(
        _("Promises"),
        _(
            "Promises to customers by the day for which they were first made; what was withdrawn stays out. Kept: by "
            "the time first promised. Put off: another time was agreed with the customer, and has been kept or is not "
            "over. Late: kept after the time agreed. Broken: still open after it. From the promises of the tickets."
        ),
        (
            Figure("kept", _("Kept in time"), measures.PROMISES, "in_time", Says.SHARE),
            Figure("put_off", _("Put off"), measures.PROMISES, "put_off", Says.SHARE),
            Figure("late", _("Kept late"), measures.PROMISES, "late", Says.SHARE),
            Figure("broken", _("Broken"), measures.PROMISES, "broken"),
        ),
    ),
    Chapter(
        _("Tickets"),
        _(
            "Bounced: of the tickets opened, those that were flagged as bounced since (three distinct owners, unless "
            "their team has set another number; inherited ones do not count), false alarms left out. First owner: of "
            "the tickets resolved, those resolved by whoever owned them first; duplicates and withdrawn complaints "
            "stay out. From the tickets, their flags and their chains."
        ),
        (
            Figure("opened", _("Opened"), measures.OPENED),
            Figure("bounced", _("Bounced"), measures.OPENED, "bounced", Says.SHARE),
            Figure("first_owner", _("Resolved by the first owner"), measures.RESOLVED, "first_owner", Says.SHARE),
        ),
    ),
    Chapter(
        _("Contacts"),
        _(
            "Times that a customer and we were in contact, by the day on which it was. Chasing: the customer asked "
            "what had become of their complaint. From the timelines' contacts."
        ),
        (
            Figure("contacts", _("Contacts"), measures.CONTACTS),
            Figure("chases", _("Customer chased us"), measures.CONTACTS, "chases", Says.SHARE),
        ),
    ),
)
FIGURES = tuple(figure for chapter in CHAPTERS for figure in chapter.figures)

# What a list of rows is a list of, by measure and part.
LISTS: dict[tuple[str, str], Lazy] = {
    ("changes", ""): _("Changes of owner"),
    ("changes", "came_back"): _("Changes back to an earlier owner"),
    ("acceptances", ""): _("Accepted handoffs and claims"),
    ("holds", ""): _("Holds"),
    ("holds", "promised"): _("Holds with a promised return"),
    ("holds", "overdue"): _("Holds that ran past the promised return"),
    ("holds", "lost"): _("Customers lost on hold"),
    ("promises", ""): _("Promises"),
    ("promises", "in_time"): _("Promises kept in time"),
    ("promises", "put_off"): _("Promises put off"),
    ("promises", "late"): _("Promises kept late"),
    ("promises", "broken"): _("Broken promises"),
    ("opened", ""): _("Tickets opened"),
    ("opened", "bounced"): _("Bounced tickets"),
    ("resolved", ""): _("Tickets resolved"),
    ("resolved", "first_owner"): _("Tickets resolved by their first owner"),
    ("contacts", ""): _("Contacts"),
    ("contacts", "chases"): _("Customers who chased us"),
}
