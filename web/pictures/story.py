"""What a picture of a chain tells, as plain facts. Words that are drawn or read out come with them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Owner:
    """Somebody who owned the ticket, in the team in which it was then."""

    key: str
    name: str
    team: str


@dataclass(frozen=True)
class Tenure:
    """One stretch of ownership. how: a tenure's `began_by`. offered: when the handoff was made, if there was one.

    why and length are drawn when there is room; says is the move in words, says_owned the tenure.
    """

    number: int
    owner: str
    began: datetime
    ended: datetime | None
    how: str
    offered: datetime | None = None
    why: str = ""
    length: str = ""
    says: str = ""
    says_owned: str = ""


@dataclass(frozen=True)
class Hold:
    """The customer waited. kind: `call`, `ticket`, or `nobody`: the imported log names nobody then.

    lost: the customer hung up, or was hung up on.
    """

    move: int
    kind: str
    began: datetime
    due: datetime | None
    ended: datetime | None
    lost: bool = False
    says: str = ""


@dataclass(frozen=True)
class Promise:
    """A dated commitment, made in a tenure. state: `open`, `kept` or `withdrawn`."""

    move: int
    made: datetime
    due: datetime
    ended: datetime | None
    state: str
    says: str = ""

    def became(self, now: datetime) -> str:
        """Return what had become of it by then: open, broken, kept, late or withdrawn."""
        if self.state == "kept" and self.ended is not None:
            return "late" if self.ended > self.due else "kept"
        if self.state == "withdrawn":
            return "withdrawn"
        return "broken" if self.due < now else "open"


@dataclass(frozen=True)
class Offer:
    """A handoff or a claim that nobody said yes to: not yet, while `ended` is None. label: drawn where it fits."""

    move: int
    made: datetime
    ended: datetime | None
    label: str = ""
    says: str = ""


@dataclass(frozen=True)
class Mark:
    """Something that happened. kind: see `glyphs.MARKS`; until: when it ended, for a telephone call.

    label: drawn beside it where it fits.
    """

    kind: str
    at: datetime
    until: datetime | None = None
    label: str = ""
    says: str = ""


@dataclass(frozen=True)
class Story:
    """A ticket's chain. There is at least one tenure; now: up to when what has not ended is drawn.

    ended: the ticket was closed by then, so that nothing goes on.
    """

    owners: tuple[Owner, ...]
    tenures: tuple[Tenure, ...]
    now: datetime
    ended: bool = False
    holds: tuple[Hold, ...] = ()
    promises: tuple[Promise, ...] = ()
    offers: tuple[Offer, ...] = ()
    marks: tuple[Mark, ...] = ()

    def tenure_at(self, at: datetime) -> Tenure:
        """Return the tenure in which something happened: the last that had begun."""
        begun = [tenure for tenure in self.tenures if tenure.began <= at]
        return begun[-1] if begun else self.tenures[0]
