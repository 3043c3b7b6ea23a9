"""One complaint: who owns it now, by when the customer hears from them, and what its owner does about it."""

from collections.abc import Generator
from datetime import datetime, timedelta

from people.models import Person
from tests.week.stage import Dice, Forgotten, Stage
from tickets import contacts, opening, promises
from tickets.kinds import PromiseState
from tickets.models import Customer, Promise

Somebody = Generator[datetime | Forgotten, None, Person]


class Complaint:
    """One ticket: who owns it now, and by when the customer hears from them."""

    due: datetime

    def __init__(self, stage: Stage, rep: Person, customer: Customer) -> None:
        """Let `rep`, who has the customer on the line, open it."""
        self.stage, self.rates, self.owner, self.customer = stage, stage.rates, rep, customer
        self.ticket = opening.open_ticket(
            by=rep,
            customer=customer,
            team=stage.desk.team,
            subject="Charged twice in March",
            description="The March invoice was taken from my account two times.",
            new=True,
        )[0].pk
        stage.customer_of[f"T-{self.ticket}"] = customer.name
        self.dice = stage.dice("complaint", customer.name)
        self.on_the_line = self.manager_wanted = self.ended = False

    def promise_time(self) -> datetime:
        """Return by when the customer is promised to hear: a quarter of an hour, and none right after opening."""
        at = self.stage.work(self.dice.minutes(*self.rates.promised_in))
        at += (datetime.min.replace(tzinfo=at.tzinfo) - at) % timedelta(minutes=15)
        opens, closes = next(self.stage.desk.calendar.shifts(at - timedelta(seconds=1)))
        return min(max(at, opens + timedelta(minutes=30)), closes)

    def acknowledge(self) -> None:
        """The owner says "I'll do it", and by when they call; from now on the customer may call about it."""
        self.due = self.promise_time()
        contacts.acknowledge(
            ticket=self.ticket, by=self.owner, message="I see to it myself.", next_contact_at=self.due
        )
        self.stage.live.append(self)

    def promise(self) -> None:
        """The owner promises the next call."""
        self.due = self.promise_time()
        promises.make(ticket=self.ticket, by=self.owner, what="A call with the answer.", due_at=self.due)

    def reminded(self) -> Dice:
        """Return the dice that say whether a reminder helps."""
        return self.stage.dice("reminded", self.customer.name, self.stage.clock)

    def open_promises(self) -> list[int]:
        """Return the owner's promises that still have to be kept, by number; a manager's is the manager's."""
        found = Promise.objects.filter(ticket=self.ticket, state=PromiseState.OPEN)
        return list(found.exclude(made_by=self.stage.desk.team.manager).order_by("pk").values_list("pk", flat=True))

    def called(self, by: Person) -> None:
        """Somebody has called the customer, which keeps what was promised."""
        contacts.contact(ticket=self.ticket, by=by, direction="outbound", summary="Told them how it stands.")
        for promise in self.open_promises():
            promises.keep(promise=promise, by=by)

    def somebody(self) -> Somebody:
        """Wait until somebody can act: the owner or, while they are at lunch, whoever covers them."""
        lunch = self.stage.lunches.get(self.owner.pk)
        if lunch is not None and lunch.until > self.stage.clock:
            if lunch.covering is not None:
                return Person.objects.get(pk=lunch.covering.pk)
            yield lunch.until
        return self.owner
