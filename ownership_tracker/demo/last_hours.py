"""The plots that lead up to this very moment: what waits for somebody now, and what has waited too long."""

from datetime import timedelta

from handoffs.protocol import Reason, Urgency
from ownership_tracker.demo import moving
from ownership_tracker.demo.life import Life
from ownership_tracker.demo.stage import Plot, Stage
from ownership_tracker.demo.troubles import heard, passed
from tickets import flags
from tickets.models import Flag


def just_written(stage: Stage, team: str) -> Plot:
    """It has come in, and nobody has answered yet."""
    Life(stage, team).write_in()
    yield from ()


def just_called(stage: Stage, team: str) -> Plot:
    """The first call is not acknowledged yet."""
    Life(stage, team).call_in(stage.rep(team))
    yield from ()


def due_soon(stage: Stage, team: str) -> Plot:
    """The customer is to hear from us within the hour."""
    life = Life(stage, team)
    life.call_in(stage.rep(team))
    yield stage.work(life.owner, 3, 40)
    life.acknowledge(due=stage.now + timedelta(minutes=stage.dice.randint(8, 55)))
    life.note()


def overdue(stage: Stage, team: str) -> Plot:
    """The customer should have heard from us."""
    life = Life(stage, team)
    life.call_in(stage.rep(team))
    yield stage.work(life.owner, 3, 40)
    life.acknowledge(60, 150)


def not_returned(stage: Stage, team: str) -> Plot:
    """The customer waits, longer than we said."""
    life = Life(stage, team)
    life.call_in(stage.rep(team))
    yield stage.work(life.owner, 3, 40)
    life.acknowledge()
    yield stage.work(life.owner, 5, 30)
    life.call()
    life.hold(stage.work(life.owner, 100, 200))


def asked_now(stage: Stage, team: str) -> Plot:
    """A colleague has been asked and has not answered yet."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep("front-line"))
    life.ask(stage.rep(team, skill=life.complaint.skill), 150, 300)


def offered_now(stage: Stage, team: str) -> Plot:
    """Somebody is asked to take it; the offer waits for their yes."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep(team))
    yield stage.before(team, stage.now, stage.dice.randint(40, 150))
    moving.offer(life, stage.rep(team, life.owner, skill=life.complaint.skill))


def claimed_now(stage: Stage, team: str) -> Plot:
    """Somebody would take it, and waits for the owner to let go."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep(team))
    yield stage.before(team, stage.now, stage.dice.randint(5, 35))
    moving.claim(life, stage.rep(team, life.owner, skill=life.complaint.skill))


def approval_now(stage: Stage, team: str) -> Plot:
    """A third change waits for the manager's approval; the first two are an amber flag."""
    life = Life(stage, team)
    deputy = stage.deputy(team)
    yield from heard(stage, life, stage.rep(team, *deputy))
    for _ in range(2):
        yield from passed(stage, life, stage.rep(team, *life.owners(), *deputy))
        yield stage.work(life.owner, 200, 300)
    yield stage.before(team, stage.now, stage.dice.randint(40, 120))
    moving.offer(life, stage.rep(team, *life.owners()), Reason.AUTHORITY, Urgency.TODAY)


def declined_now(stage: Stage, team: str) -> Plot:
    """Twice declined: the manager is on it, and it is not solved yet."""
    life = Life(stage, team)
    owner = stage.rep(team)
    yield from heard(stage, life, owner)
    asked = [owner]
    for _ in range(2):
        asked.append(stage.rep(team, *asked))
        handoff = moving.offer(life, asked[-1], urgency=Urgency.HOUR)
        yield stage.work(asked[-1], 4, 40)
        moving.decline(life, handoff)
        yield stage.work(owner, 2, 20)
    manager = stage.manager(team)
    life.look(manager)
    flag = Flag.objects.get(ticket=life.ticket, kind="refused")
    flags.take_on(flag=flag.pk, by=manager, at=stage.clock)
