"""The plots that end otherwise than with a complaint put right, or do not end when they should."""

from collections.abc import Sequence
from datetime import datetime

from handoffs import departures, takeovers
from ownership_tracker.demo import moving, phrases
from ownership_tracker.demo.company import LEAVER
from ownership_tracker.demo.everyday import begun, put_right
from ownership_tracker.demo.life import Life
from ownership_tracker.demo.stage import Plot, Stage
from people import presence
from people.models import Person
from tickets import customers, duplicates, opening, resolution
from tickets.states import Outcome


def dismissed(stage: Stage, team: str, outcome: Outcome = Outcome.SPAM) -> Plot:
    """It was no complaint, or nobody is there to answer to."""
    life = Life(stage, team)
    if outcome == Outcome.SPAM:
        life.write_in()
    else:
        life.call_in(stage.rep(team))
    yield stage.work(life.owner, 2, 50)
    life.close(outcome)


def given_up(stage: Stage, team: str, outcome: Outcome = Outcome.WITHDRAWN) -> Plot:
    """The customer does not want it any more, or cannot be reached any more."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield life.in_time()
    life.call("Left a message." if outcome == Outcome.UNREACHABLE else "")
    yield stage.work(life.owner, 500, 1400)
    life.close(outcome, root_cause=life.complaint.root_cause if outcome == Outcome.WITHDRAWN else "")


def reopened(stage: Stage, team: str) -> Plot:
    """It was called settled, and was not."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield life.in_time()
    yield from put_right(stage, life)
    yield stage.work(life.owner, 300, 900)
    life.reopen(life.owner if stage.dice.random() < 0.5 else stage.rep(team))
    yield stage.work(life.owner, 10, 60)
    life.call("Apologised: it had only looked settled. This time I check it with them.")
    life.promise()
    yield life.in_time()
    yield from put_right(stage, life)


def told_twice(stage: Stage, team: str, ending: str = "confirm") -> Plot:
    """The customer has told us twice; the owner of the one says whether the other is the same."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield stage.work(life.owner, 5, 60)
    again = Life(stage, team, customer=life.customer)
    again.words = life.words
    if ending == "own":
        again.call_in(life.owner)
        yield stage.wait(2, 9)
    else:
        again.call_in(stage.rep(team, life.owner))
        yield stage.work(again.owner, 5, 30)
    again.close(Outcome.DUPLICATE_OF, root_cause=life.complaint.root_cause, duplicate_of=life.ticket)
    if ending != "own":
        yield stage.work(life.owner, 5, 60)
        again.look(life.owner)
        yes = ending == "confirm"
        duplicates.confirm(ticket=again.ticket, by=life.owner, yes=yes, at=stage.clock)
    if ending == "deny":
        again.note("So it is a second one: they mean the other line.")
        again.acknowledge()
        yield again.in_time()
        yield from put_right(stage, again)
    yield life.in_time()
    yield from put_right(stage, life)


def written_again(stage: Stage, team: str) -> Plot:
    """The customer writes about what is open already, which opens nothing new."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield stage.work(life.owner, 20, 60)
    opening.open_ticket(
        by=stage.company["web-form"],
        customer=life.customer,
        team=stage.company.teams[team],
        subject=life.words("More on {gist}"),
        description=life.words("I forgot to say: it is about {order}, from {day}."),
        channel="web",
        further_contact_on=life.ticket,
        at=stage.clock,
    )
    yield life.in_time()
    yield from put_right(stage, life)


def forgotten(stage: Stage, team: str) -> Plot:
    """The customer wishes to be forgotten afterwards: the chain stays, the words go."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield life.in_time()
    life.call()
    yield stage.wait(1, 6)
    life.resolve()
    yield stage.work(life.owner, 200, 700)
    resolution.close(ticket=life.ticket, by=life.owner, outcome=Outcome.RESOLVED, at=stage.clock)
    yield stage.wait(60, 600)
    customers.forget(customer=life.customer.pk, by=stage.company["kai"], at=stage.clock)


def away(stage: Stage, person: Person) -> Plot:
    """Somebody is off for some days, and comes back."""
    back = stage.work(person, 0, 0)
    presence.set_presence(person=person, presence="away", away_until=back, at=stage.clock)
    yield back
    presence.set_presence(person=person, presence="present", at=stage.clock)


def ill(stage: Stage, team: str) -> Plot:
    """A rep falls ill, and the manager takes over what is due that day: several tickets, one reason."""
    rep = stage.rep(team)
    lives = [Life(stage, team) for _ in range(3)]
    for life in lives:
        life.call_in(rep)
        yield stage.work(rep, 3, 30)
        life.acknowledge(500, 800)
    yield stage.work(rep, 240, 300)
    manager = stage.manager(team)
    takeovers.take_over_many(
        tickets=[life.ticket for life in lives], by=manager, reason=phrases.BULK_TAKE_OVER, at=stage.clock
    )
    yield from _each_by_its_owner(stage, lives)


def departure(stage: Stage, team: str) -> Plot:
    """Somebody leaves for good: their tickets, an offer and a question find other people."""
    leaver = stage.company[LEAVER]
    lives = [Life(stage, team) for _ in range(4)]
    for life in lives:
        life.call_in(leaver)
        yield stage.work(leaver, 3, 30)
        life.acknowledge(700, 900)
    yield stage.work(leaver, 10, 60)
    moving.offer(lives[0], stage.rep(team, leaver))
    others = [Life(stage, team), Life(stage, team)]
    for life in others:
        life.call_in(stage.rep(team))
        life.acknowledge(700, 900)
    moving.offer(others[0], leaver)
    others[1].ask(leaver)
    yield stage.work(leaver, 20, 60)
    departures.leave(person=leaver.pk, by=stage.company["kai"], at=stage.clock)
    yield from _each_by_its_owner(stage, [*lives, *others])


def _each_by_its_owner(stage: Stage, lives: Sequence[Life]) -> Plot:
    for life in lives:
        yield stage.work(life.find_owner(), 15, 60)
        life.call("Told them that I have it now, and that nothing is lost.")
        life.promise(300, 700)
        stage.enter(stage.clock, _later(life.in_time(), stage, life))


def _later(when: datetime, stage: Stage, life: Life) -> Plot:
    yield when
    yield from put_right(stage, life)
