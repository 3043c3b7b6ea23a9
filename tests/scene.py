"""A few tickets in different states, to try things on."""

from dataclasses import dataclass

from handoffs import answers, covers, help_requests, manager_requests
from handoffs.models import Handoff, HelpRequest, ManagerRequest
from people import presence
from people.models import Cover
from phones.models import Call
from tests.cast import READ_BACK, Cast, in_hours, make_cast
from tests.phones.lines import lost_call
from tickets import contacts, flags, holds, promises, resolution
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Flag, Hold, Promise, Ticket
from tickets.states import Outcome


@dataclass
class Scene:
    """A few tickets in different states."""

    cast: Cast
    asked: Ticket  # new, Alice's, offered to Bob
    offer: Handoff
    moved: Ticket  # open; Alice's, then Bob's, with a flag, a promise, an open and an ended hold
    accepted: Handoff
    flag: Flag
    hold: Hold
    ended_hold: Hold
    promise: Promise
    kept: Promise
    closed_flag: Flag
    question: HelpRequest
    wanted: ManagerRequest  # on the moved one, of Maya
    cover: Cover  # of Carol's, asked of Luis
    spam: Ticket  # closed
    call: Call  # of a stranger, lost on hold

    def names(self) -> dict[str, int]:
        """Return the numbers of its rows, as the statements name them."""
        people = ("petra", "alice", "bob", "carol", "luis")
        rows = ("asked", "offer", "moved", "accepted", "flag", "closed_flag", "hold", "ended_hold", "promise", "kept")
        rows += ("question", "wanted", "cover", "spam", "call")
        return {name: getattr(self.cast, name).pk for name in people} | {name: getattr(self, name).pk for name in rows}


def make_scene() -> Scene:
    """Return the scene, made by the verbs."""
    cast = make_cast()
    presence.take_extension(person=cast.carol, extension="200")
    asked, moved, spam = cast.open_ticket(), cast.open_ticket(), cast.open_ticket()
    contacts.acknowledge(ticket=moved.pk, by=cast.alice, message="I will see to it.", next_contact_at=in_hours(3))
    accepted = cast.offer(moved, cast.bob)
    answers.accept(handoff=accepted.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(2))
    flag = flags.raise_for(moved, [Finding(FlagKind.BOUNCED, Level.AMBER)], at=in_hours(0))[0]
    closed = flags.raise_for(moved, [Finding(FlagKind.REFUSED, Level.RED)], at=in_hours(0))[0]
    made = promises.make(ticket=moved.pk, by=cast.bob, what="A call back.", due_at=in_hours(1))
    ended_hold = holds.start(ticket=moved.pk, by=cast.bob, kind=HoldKind.CALL)
    holds.end(hold=ended_hold.pk, by=cast.bob)
    question = help_requests.ask(
        ticket=moved.pk, by=cast.bob, asked=cast.luis, question="Where is the parcel?", answer_by=in_hours(1)
    )
    return Scene(
        cast=cast,
        asked=asked,
        offer=cast.offer(asked, cast.bob),
        moved=moved,
        accepted=accepted,
        flag=flag,
        hold=holds.start(ticket=moved.pk, by=cast.bob, kind=HoldKind.CALL, return_by=in_hours(0.5)),
        ended_hold=ended_hold,
        kept=promises.keep(promise=made.pk, by=cast.bob),
        closed_flag=flags.close(flag=closed.pk, by=cast.maya, note="Spoke with both."),
        promise=Promise.objects.filter(ticket=moved, state="open").latest("pk"),
        question=question,
        wanted=manager_requests.ask(ticket=moved.pk, by=cast.bob, reason="She has had enough."),
        cover=covers.ask(by=cast.carol, covering=cast.luis, until=in_hours(20)),
        spam=resolution.close(ticket=spam.pk, by=cast.alice, outcome=Outcome.SPAM),
        call=lost_call(cast),
    )
