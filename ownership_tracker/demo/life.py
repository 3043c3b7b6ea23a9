"""The life of one complaint: everything that can happen to it, each by a verb, at the stage's clock."""

from datetime import datetime, timedelta

from handoffs import help_requests
from handoffs.models import HelpRequest
from ownership_tracker.demo import phrases
from ownership_tracker.demo.complaints import Complaint
from ownership_tracker.demo.stage import Stage
from ownership_tracker.demo.words import Words
from people import working_time
from people.models import Person
from tickets import contacts, holds, looks, opening, promises, resolution
from tickets.kinds import HoldEnd, HoldKind, PromiseState
from tickets.models import Customer, Hold, Promise, Ticket
from tickets.states import Channel, Outcome, Severity


class Life:
    """One complaint, from the first word on."""

    ticket: int  # its number
    owner: Person  # now
    due: datetime  # by when the customer hears from us

    def __init__(self, stage: Stage, team: str, *, customer: Customer | None = None, foreign: bool = False) -> None:
        """Let a customer have a complaint that `team` could put right; nobody has been told yet."""
        self.stage, self.team = stage, team
        self.customer = customer or stage.callers.next(at=stage.clock, foreign=foreign)
        currency = "$" if team in ("deliveries", "contracts") else "£"
        self.words = Words(stage.script.next(team), dice=stage.dice, at=stage.clock, currency=currency)

    @property
    def complaint(self) -> Complaint:
        """What it is about."""
        return self.words.complaint

    def find_owner(self) -> Person:
        """Look up who owns it, after something that was done to several tickets at once."""
        self.owner = Ticket.objects.select_related("owner").get(pk=self.ticket).owner
        return self.owner

    def owners(self) -> list[Person]:
        """Return everybody who has owned it so far, the present owner last."""
        return list(Person.objects.filter(tenures__ticket=self.ticket).order_by("tenures__seq"))

    # Opening and answering

    def call_in(self, rep: Person, *, channel: Channel = Channel.PHONE) -> None:
        """The customer tells a rep, who opens the ticket and owns it."""
        self._open(rep, self.stage.company.team_of[rep.pk].slug, channel)

    def write_in(self, team: str = "") -> None:
        """The customer writes; routing finds an owner in `team`, by default the one that can put it right."""
        channel = self.stage.dice.choice([Channel.EMAIL, Channel.WEB, Channel.WEB, Channel.CHAT])
        self._open(self.stage.company["web-form"], team or self.team, channel)

    def _open(self, by: Person, team: str, channel: Channel) -> None:
        dice = self.stage.dice
        said = opening.open_ticket(
            by=by,
            customer=self.customer,
            team=self.stage.company.teams[team],
            subject=self.words(self.complaint.subject),
            description=self.words.one_of(self.complaint.said),
            category=self.complaint.category,
            skill=self.complaint.skill,
            severity=dice.choices([Severity.ROUTINE, Severity.SERIOUS, Severity.CRITICAL], weights=[80, 17, 3])[0],
            channel=channel,
            new=True,
            at=self.stage.clock,
        )
        self.ticket, self.owner = said[0].pk, said[0].owner

    def acknowledge(self, low: float = 90, high: float = 420, *, due: datetime | None = None) -> None:
        """The owner says "I'll do it", and when they call again: in so many working minutes, or when it is due."""
        self.due = due or self.stage.work(self.owner, low, high)
        contacts.acknowledge(
            ticket=self.ticket,
            by=self.owner,
            message=self.words(self.complaint.answered),
            next_contact_at=self.due,
            at=self.stage.clock,
        )

    # In between

    def note(self, text: str = "", by: Person | None = None) -> None:
        """Somebody, the owner if nobody is named, writes a note."""
        contacts.note(
            ticket=self.ticket,
            by=by or self.owner,
            text=self.words(text or self.complaint.note),
            at=self.stage.clock,
        )

    def call(self, summary: str = "") -> None:
        """The owner calls the customer, which keeps what was promised."""
        contacts.contact(
            ticket=self.ticket,
            by=self.owner,
            direction="outbound",
            summary=self.words(summary) or self.words.one_of(phrases.CALLS),
            at=self.stage.clock,
        )
        self.keep_promises()

    def called(self, by: Person, summary: str = "", *, chase: bool = False) -> None:
        """The customer calls, and somebody answers; a chase asks what has become of it."""
        pool = phrases.CHASES if chase else phrases.ARRIVED
        contacts.contact(
            ticket=self.ticket,
            by=by,
            direction="inbound",
            chase=chase,
            summary=self.words(summary) or self.words.one_of(pool),
            at=self.stage.clock,
        )

    def in_time(self) -> datetime:
        """Return a moment shortly before what was promised falls due, in the owner's working time."""
        calendar, clock = self.stage.company.calendar(self.owner), self.stage.clock
        left = working_time.between(calendar, clock, self.due) * self.stage.dice.uniform(0.75, 0.97)
        return working_time.add(calendar, clock, timedelta(seconds=round(left.total_seconds())))

    def promise(self, low: float = 120, high: float = 700, what: str = "") -> Promise:
        """The owner promises something in so many working minutes."""
        self.due = self.stage.work(self.owner, low, high)
        return promises.make(
            ticket=self.ticket,
            by=self.owner,
            what=self.words(what) or self.words.one_of(phrases.PROMISES),
            due_at=self.due,
            at=self.stage.clock,
        )

    def open_promises(self) -> list[int]:
        """Return the promises that still have to be kept, by number."""
        found = Promise.objects.filter(ticket=self.ticket, state=PromiseState.OPEN)
        return list(found.order_by("pk").values_list("pk", flat=True))

    def keep_promises(self) -> None:
        """The owner has kept what was promised."""
        for promise in self.open_promises():
            promises.keep(promise=promise, by=self.owner, at=self.stage.clock)

    def renegotiate(self) -> None:
        """The owner agrees on a later time with the customer."""
        later = self.stage.work(self.owner, 300, 900)
        for promise in self.open_promises():
            self.due = max(later, self.due + timedelta(hours=1))
            told = self.words.one_of(phrases.RENEGOTIATED)
            promises.renegotiate(promise=promise, by=self.owner, due_at=self.due, told=told, at=self.stage.clock)

    def withdraw_promises(self) -> None:
        """The owner takes back what was promised."""
        for promise in self.open_promises():
            promises.withdraw(
                promise=promise, by=self.owner, reason=self.words.one_of(phrases.WITHDRAWN), at=self.stage.clock
            )

    def hold(self, return_by: datetime | None = None) -> Hold:
        """The owner waits for somebody else, for days, and says when they return to the customer."""
        return holds.start(
            ticket=self.ticket,
            by=self.owner,
            kind=HoldKind.TICKET,
            reason=self.words(self.complaint.waiting_for),
            return_by=return_by,
            at=self.stage.clock,
        )

    def hold_call(self, by: Person) -> Hold:
        """Whoever has the customer on the line puts them on hold."""
        return holds.start(ticket=self.ticket, by=by, kind=HoldKind.CALL, at=self.stage.clock)

    def end_hold(self, hold: Hold, how: HoldEnd = HoldEnd.RETURNED, by: Person | None = None) -> None:
        """End a hold."""
        holds.end(hold=hold.pk, by=by or self.owner, how=how, at=self.stage.clock)

    def ask(self, whom: Person, low: float = 60, high: float = 300) -> HelpRequest:
        """The owner asks somebody a question, and keeps the ticket."""
        return help_requests.ask(
            ticket=self.ticket,
            by=self.owner,
            asked=whom,
            question=self.words(self.complaint.question),
            answer_by=self.stage.work(whom, low, high),
            at=self.stage.clock,
        )

    def answer(self, request: HelpRequest) -> None:
        """Whoever was asked answers."""
        help_requests.answer(
            help_request=request.pk,
            by=request.asked,
            answer=self.words(self.complaint.answer),
            at=self.stage.clock,
        )

    def look(self, by: Person) -> None:
        """Somebody reads the ticket."""
        looks.log(ticket=self.ticket, person=by.pk, at=self.stage.clock)

    # The end

    def resolve(self) -> None:
        """The owner has put it right."""
        resolution.resolve(
            ticket=self.ticket,
            by=self.owner,
            resolution=self.words(self.complaint.solved),
            root_cause=self.complaint.root_cause,
            customer_agreed=self.stage.dice.random() < 0.85,
            at=self.stage.clock,
        )

    def close(
        self, outcome: Outcome = Outcome.RESOLVED, *, root_cause: str = "", duplicate_of: int | None = None
    ) -> None:
        """The owner closes it."""
        note = phrases.CLOSINGS.get(outcome, "")
        resolution.close(
            ticket=self.ticket,
            by=self.owner,
            outcome=outcome,
            root_cause=root_cause,
            duplicate_of=duplicate_of,
            note=self.words(note),
            at=self.stage.clock,
        )
        if not Ticket.objects.filter(customer=self.customer, live=True).exists():
            self.stage.callers.satisfied(self.customer, self.stage.clock)

    def reopen(self, by: Person) -> None:
        """The customer is back with the same complaint."""
        resolution.reopen(ticket=self.ticket, by=by, reason=self.words.one_of(phrases.REOPENINGS), at=self.stage.clock)
