"""The plots about people who are not there: a manager who is asked for, and reps who go to lunch."""

from datetime import timedelta

from handoffs import covers, manager_requests, ringing
from ownership_tracker.demo.everyday import put_right
from ownership_tracker.demo.life import Life
from ownership_tracker.demo.stage import Plot, Stage
from ownership_tracker.demo.troubles import SWEEP, heard

LUNCH = timedelta(minutes=45)


def manager_wanted(stage: Stage, team: str, *, answered: bool = True) -> Plot:
    """The customer wants a manager, who calls back within the hour; or thinks better of it."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep(team))
    yield stage.work(life.owner, 60, 200)
    life.called(life.owner, chase=True)
    request = manager_requests.ask(
        ticket=life.ticket, by=life.owner, reason="I have explained it twice. Who decides here?", at=stage.clock
    )
    if answered:
        # The deputy is rung, and the call back promised: by the sweep, which comes every 15 seconds.
        for minutes in (2, 4):
            yield request.asked_at + timedelta(minutes=minutes) + SWEEP
            ringing.judge(manager_request=request.pk, at=stage.clock)
        manager = stage.manager(team)
        yield stage.work(manager, 4, 9)
        manager_requests.answer(
            manager_request=request.pk,
            by=manager,
            answer="Agreed on what comes next, and on my number.",
            at=stage.clock,
        )
    else:
        yield stage.wait(0.5, 1.5)
        why = "Settled while we waited."
        manager_requests.withdraw(manager_request=request.pk, by=life.owner, reason=why, at=stage.clock)
    yield stage.work(life.owner, 20, 90)
    yield from put_right(stage, life)


def manager_wanted_now(stage: Stage, team: str) -> Plot:
    """Somebody waits for a manager at this moment."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep(team))
    yield stage.before(team, stage.now, 1)
    manager_requests.ask(ticket=life.ticket, by=life.owner, reason="She has told it three times.", at=stage.clock)


def lunch(stage: Stage, team: str) -> Plot:
    """A rep goes to lunch, and a colleague answers what falls due meanwhile."""
    rep = stage.rep(team)
    colleague = stage.rep(team, rep)
    cover = covers.ask(by=rep, covering=colleague, until=stage.clock + LUNCH, at=stage.clock)
    yield stage.wait(0.5, 3)
    covers.accept(cover=cover.pk, by=colleague, at=stage.clock)
    yield cover.until + SWEEP
    covers.judge(cover=cover.pk, at=stage.clock)
