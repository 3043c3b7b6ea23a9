"""The steps that every move of ownership shares. The giver owns the ticket until the second yes."""

from datetime import datetime, timedelta

from handoffs import errors, protocol
from handoffs.models import Handoff
from handoffs.protocol import Kind, Party, State, Urgency
from notices import outbox
from people import working_time
from people.models import Person, Team
from people.roles import OWNERS
from people.statements import update
from tickets import bounces, clocks, flags, ownership, permissions, promises, thresholds, timeline
from tickets.kinds import Because, BeganBy, EntryKind
from tickets.models import Ticket, Viewer


def answerable(handoff_id: int, answer: str, by: Person, *, at: datetime | None) -> tuple[Handoff, datetime]:
    """Lock a handoff for an answer, and return it with the moment of the answer.

    Raises UnknownHandoff when `by` has no part in it, NotForYou when the answer is another's to give,
    HandoffHasEnded when it is too late in the protocol and HandoffExpired when it is on the clock,
    whether or not a sweep has come by.
    """
    handoff = Handoff.objects.under_lock(handoff_id)
    now = timeline.moment_of_move(handoff.ticket, at)
    if not may_see(handoff, by):
        raise errors.UnknownHandoff
    step = protocol.ANSWERS.get((Kind(handoff.kind), State(handoff.state), answer))
    if step is None:
        raise errors.HandoffHasEnded(f"This handoff is {handoff.state}: it cannot be answered with {answer}.")
    if not speaks_for(handoff, step[0], by):
        raise errors.NotForYou
    if now > handoff.due_at and answer != "withdraw":
        raise errors.HandoffExpired
    return handoff, now


def may_see(handoff: Handoff, by: Person) -> bool:
    """Say whether `by` sees a handoff: its parties do, and whoever sees its ticket."""
    if by.pk in (handoff.giver_id, handoff.made_by_id, handoff.approver_id):
        return True
    if by.pk == handoff.receiver_id:
        if handoff.approver_id is None or handoff.approved_at is not None:
            return True
        # An offer that waits for a manager's approval is not the receiver's to see yet, and one that never
        # got it was never offered: they see that only with the ticket.
        if handoff.state == State.REQUESTED:
            return False
    return any(True for _ in permissions.standings(by, handoff.ticket))


def speaks_for(handoff: Handoff, party: Party, by: Person) -> bool:
    """Say whether `by` gives the answers of that party; a team's manager and deputy speak for a giver."""
    if party == Party.RECEIVER:
        return by.pk == handoff.receiver_id
    leads = handoff.ticket.team_id in by.led_team_ids and by.role in OWNERS
    if party == Party.GIVER and handoff.kind == Kind.CLAIM:
        # The owner alone: theirs is one of the two yeses, and whoever made the claim has given the other.
        return by.pk == handoff.giver_id
    if party == Party.GIVER:
        covers = handoff.giver_id in by.covered_ids
        return by.pk in (handoff.giver_id, handoff.made_by_id) or leads or covers
    return by.pk == handoff.approver_id or (leads and by.pk not in (handoff.giver_id, handoff.receiver_id))


def end(handoff: Handoff, state: State, *, at: datetime, cause: str = "", **fields: object) -> None:
    """Save the end of a handoff, and let the receiver see the ticket no longer on its account."""
    handoff.state, handoff.ended_at, handoff.cause = state, at, cause
    for name, value in fields.items():
        setattr(handoff, name, value)
    update(handoff, "state", "ended_at", "cause", *fields)
    Viewer.objects.filter(because=Because.OFFERED, source=handoff.pk).delete()


def tell(handoff: Handoff, kind: str, *people: Person | None, **payload: object) -> None:
    """Queue a notice about a handoff."""
    outbox.queue(kind, to=people, about=handoff.ticket.reference, handoff=handoff.pk, **payload)


def tell_of_absence(person: Person) -> None:
    """Tell the givers of the offers that wait for somebody that they have gone away; the offers stay."""
    waiting = Handoff.objects.filter(receiver=person, state=State.OFFERED)
    for handoff in waiting.select_related("ticket", "giver", "made_by", "receiver"):
        tell_receiver_is_away(handoff)


def tell_receiver_is_away(handoff: Handoff) -> None:
    """Tell the giver of an offer, and whoever made it for them, that its receiver is not there."""
    tell(handoff, "receiver_away", handoff.giver, handoff.made_by, away=handoff.receiver.username)


def due(urgency: Urgency, *, team: Team, at: datetime, on_call: bool) -> datetime:
    """Return by when an answer is due: in the receiver's team's working hours, unless it is now."""
    if on_call:
        return at + protocol.LIVE_OFFER
    length, working = protocol.CLOCKS[urgency]
    return working_time.add(team.calendar, at, length) if working else at + length


def team_of(receiver: Person, named: Team | None, ticket: Ticket) -> Team:
    """Return the team that a ticket joins with its receiver. Raises WhichTeam when that is a question."""
    teams = list(receiver.teams.all()) or list(receiver.managed_teams.all())
    if named is not None:
        if named not in teams:
            raise errors.WhichTeam(team="The receiver is not in that team.")
        return named
    if ticket.team in teams:
        return ticket.team
    if len(teams) == 1:
        return teams[0]
    if not teams:
        return ticket.team
    raise errors.WhichTeam(team="One of: " + ", ".join(sorted(team.slug for team in teams)) + ".")


def check_receiver(receiver: Person, ticket: Ticket, *, at: datetime, field: str = "to") -> None:
    """Raise ReceiverCannot unless `receiver` may own `ticket`."""
    if receiver.role not in OWNERS or not receiver.is_active:
        raise errors.ReceiverCannot(**{field: "Only an active rep or manager can own a ticket."})
    if receiver.pk == ticket.owner_id:
        raise errors.ReceiverCannot(**{field: f"{receiver.name} owns this ticket already."})
    if not receiver.is_present(at):
        raise errors.ReceiverCannot(**{field: f"{receiver.name} is away. Choose somebody who is here."})


def show_to_receiver(handoff: Handoff) -> None:
    """Tell the receiver of an offer, who sees the ticket from now on."""
    Viewer.objects.create(ticket=handoff.ticket, person=handoff.receiver, because=Because.OFFERED, source=handoff.pk)
    tell(handoff, "handoff_offered", handoff.receiver, due_at=handoff.due_at.isoformat())


def complete_move(handoff: Handoff, *, read_back: str, next_contact_at: datetime, at: datetime) -> None:
    """The second yes: end the handoff as accepted, and make its receiver the owner, in one transaction.

    Its ticket is locked, and everything else has been checked. The next contact becomes a promise.
    """
    ticket, receiver = handoff.ticket, handoff.receiver
    text = handoff.read_back or timeline.write(ticket, "read_back", {"read_back": read_back}, at=at)
    grace = timedelta(seconds=thresholds.of(ticket.team.thresholds).packet_owed_amber_seconds)
    owed = at + grace if handoff.on_call and handoff.completion is None else None
    end(
        handoff,
        State.ACCEPTED,
        at=at,
        accepted_by=receiver,
        read_back=text,
        next_contact_at=next_contact_at,
        packet_owed_by=owed,
        check_at=owed,
    )
    promise = promises.make_for(ticket, what=text, due_at=next_contact_at, by=receiver, at=at, field="next_contact_at")
    timeline.record(
        ticket,
        EntryKind.HANDOFF_ACCEPTED,
        at=at,
        by=receiver if handoff.kind == Kind.OFFER else handoff.giver,
        text=text,
        handoff=handoff.pk,
        owner=receiver.username,
        giver=handoff.giver.username,
        reason=handoff.reason,
        team=handoff.to_team.slug,
        promise=promise.pk,
        next_contact_at=next_contact_at.isoformat(),
    )
    ownership.move(
        ticket,
        to=receiver,
        at=at,
        began_by=BeganBy.ACCEPTED,
        reason=handoff.reason,
        handoff=handoff.pk,
        team=handoff.to_team,
        introduced=handoff.on_call,
    )
    ownership.settle()


def after_refusal(handoff: Handoff, *, at: datetime) -> None:
    """Count the offers of this owner that came to nothing; from the second on the manager is called."""
    ticket = handoff.ticket
    clocks.save(ticket)
    if handoff.kind != Kind.OFFER:
        return
    refusals = Handoff.objects.filter(
        ticket=ticket,
        kind=Kind.OFFER,
        tenure_seq=ticket.tenure_seq,
        state__in=[State.DECLINED, State.EXPIRED],
    ).count()
    finding = bounces.refused(refusals, thresholds=thresholds.of(ticket.team.thresholds))
    flags.raise_for(ticket, [finding] if finding else [], at=at)
    if refusals >= 2 or handoff.state == State.EXPIRED:
        tell(handoff, "manager_called", ticket.team.manager, refusals=refusals)


def withdraw_for(handoff: Handoff, *, by: Person | None, cause: str, at: datetime) -> None:
    """End a handoff in progress of a locked ticket; `cause` is named when the system does it."""
    # The receiver of an offer that waits for approval has never heard of it.
    heard = handoff.state != State.REQUESTED
    end(handoff, State.WITHDRAWN, at=at, cause=cause)
    timeline.record(handoff.ticket, EntryKind.HANDOFF_WITHDRAWN, at=at, by=by, handoff=handoff.pk, cause=cause)
    told = [handoff.giver, handoff.made_by] + ([handoff.receiver] if heard else [])
    tell(handoff, "handoff_withdrawn", *(person for person in told if person != by), cause=cause)
