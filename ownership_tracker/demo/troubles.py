"""The plots in which a complaint does not move, or moves too much: what the flags are for."""

from datetime import timedelta

from handoffs import answers, approvals, expiry
from handoffs.models import Handoff
from handoffs.protocol import Reason, Urgency
from ownership_tracker.demo import moving, phrases
from ownership_tracker.demo.everyday import put_right
from ownership_tracker.demo.handovers import answer_time
from ownership_tracker.demo.life import Life
from ownership_tracker.demo.stage import Plot, Stage
from people.models import Person
from tickets.states import Channel

# By then the sweep, which comes every 15 seconds, has been there.
SWEEP = timedelta(seconds=15)


def heard(stage: Stage, life: Life, rep: Person) -> Plot:
    """Let somebody hear the complaint on the phone and acknowledge it."""
    life.call_in(rep, channel=Channel.PHONE)
    yield stage.work(rep, 3, 40)
    life.acknowledge(400, 800)
    yield stage.work(life.owner, 2, 30)


def finished(stage: Stage, life: Life) -> Plot:
    """Let the owner do what was promised, and end it."""
    yield life.in_time()
    yield from put_right(stage, life)


def passed(stage: Stage, life: Life, to: Person, reason: Reason = Reason.SKILL) -> Plot:
    """Let the complaint be passed on within the hour, as far as that needs no approval."""
    handoff = moving.offer(life, to, reason, Urgency.HOUR)
    yield answer_time(stage, handoff)
    moving.accept(life, handoff)


def declined(stage: Stage, team: str, times: int = 1) -> Plot:
    """Offers are declined, so it stays where it is: from the second on that is a flag."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep("front-line"))
    asked: list[Person] = []
    for _ in range(times):
        asked.append(stage.rep(team, *asked, skill=life.complaint.skill))
        handoff = moving.offer(life, asked[-1], urgency=Urgency.HOUR)
        yield answer_time(stage, handoff)
        moving.decline(life, handoff)
        yield stage.work(life.owner, 5, 30)
    life.note("Then I do it myself: asked what I have to know.")
    yield from finished(stage, life)


def expired(stage: Stage, team: str) -> Plot:
    """Nobody answers an offer in time; a second person takes it."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep("front-line"))
    silent = stage.rep(team, skill=life.complaint.skill)
    handoff = moving.offer(life, silent, urgency=Urgency.HOUR)
    yield from not_answered(stage, handoff)
    yield stage.work(life.owner, 3, 20)
    yield from passed(stage, life, stage.rep(team, silent))
    yield from finished(stage, life)


def not_answered(stage: Stage, handoff: Handoff) -> Plot:
    """Let the time for an answer pass, and the sweep come by."""
    yield handoff.due_at + SWEEP
    expiry.expire(handoff=handoff.pk, at=stage.clock)


def withdrawn(stage: Stage, team: str) -> Plot:
    """The owner finds the answer before anybody has taken the ticket, and keeps it."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep("front-line"))
    handoff = moving.offer(life, stage.rep(team))
    yield stage.work(life.owner, 2, 9)
    answers.withdraw(handoff=handoff.pk, by=life.owner, at=stage.clock)
    life.note("Found what was missing, so I keep it.")
    yield from finished(stage, life)


def claimed(stage: Stage, team: str, ending: str = "release") -> Plot:
    """A colleague says "I'll do it": the owner lets go, or does not; or the colleague thinks better of it."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep(team))
    claim = moving.claim(life, stage.rep(team, life.owner, skill=life.complaint.skill))
    yield stage.work(claim.giver, 3, 40)
    if ending == "release":
        moving.release(life, claim)
    elif ending == "decline":
        moving.decline(life, claim)
    else:
        answers.withdraw(handoff=claim.pk, by=claim.receiver, at=stage.clock)
    yield from finished(stage, life)


def ping_pong(stage: Stage, team: str) -> Plot:
    """There and back again."""
    life = Life(stage, team)
    first, second = stage.rep("front-line"), stage.rep(team, skill=life.complaint.skill)
    yield from heard(stage, life, first)
    yield from passed(stage, life, second)
    yield stage.work(second, 60, 200)
    life.note("Not ours as I read it: about {gist} the front line has promised something.")
    yield from passed(stage, life, first, Reason.WRONG_OWNER)
    yield from finished(stage, life)


def bounced(stage: Stage, team: str, *, chase: bool = False) -> Plot:
    """Three owners; and where nobody calls, the customer does, which makes it red."""
    life = Life(stage, team)
    second = stage.rep(team)
    yield from heard(stage, life, stage.rep("front-line"))
    yield from passed(stage, life, second)
    yield stage.work(second, 500, 900)
    yield from passed(stage, life, stage.rep(team, second, skill=life.complaint.skill), Reason.AUTHORITY)
    if chase:
        yield stage.work(life.owner, 350, 500)
        life.called(stage.rep(team, life.owner), chase=True)
        yield stage.work(life.owner, 20, 100)
    else:
        yield life.in_time()
    yield from put_right(stage, life)


def hot_potato(stage: Stage, team: str) -> Plot:
    """Three owners in one day."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep(team))
    for _ in range(2):
        yield from passed(stage, life, stage.rep(team, life.owner, *life.owners()))
        yield stage.work(life.owner, 2, 15)
    yield from finished(stage, life)


def third_change(stage: Stage, team: str, ending: str = "approve") -> Plot:
    """The third change waits for a manager, who lets it go or does not; or the next one above has to."""
    life = Life(stage, team)
    deputy = stage.deputy(team)  # whose own offers need no approval
    yield from heard(stage, life, stage.rep(team, *deputy))
    for _ in range(2):
        yield from passed(stage, life, stage.rep(team, *life.owners(), *deputy))
        yield stage.work(life.owner, 300, 600)
    handoff = moving.offer(life, stage.rep(team, *life.owners()), Reason.AUTHORITY, Urgency.TODAY)
    if ending == "climb":
        yield from not_answered(stage, handoff)
        approver = stage.manager("care")
    else:
        approver = stage.manager(team)
    yield stage.work(approver, 10, 100)
    life.look(approver)
    if ending == "refuse":
        refusal = phrases.REFUSALS[0]
        approvals.refuse(handoff=handoff.pk, by=approver, reason=refusal, at=stage.clock)
    else:
        approvals.approve(handoff=handoff.pk, by=approver, at=stage.clock)
        yield answer_time(stage, handoff)
        moving.accept(life, handoff)
    yield stage.work(life.owner, 20, 300)
    yield from put_right(stage, life)


def taken_over(stage: Stage, team: str, *, handed_on: bool = False) -> Plot:
    """A manager makes it their own, while it is being offered, and puts it right or hands it on."""
    life = Life(stage, team)
    yield from heard(stage, life, stage.rep(team))
    yield stage.work(life.owner, 450, 900)
    life.called(stage.rep(team, life.owner), chase=True)
    moving.offer(life, stage.rep(team, life.owner))
    manager = stage.manager(team)
    yield stage.work(manager, 10, 60)
    moving.take_over(life, manager)
    yield stage.work(manager, 10, 60)
    life.call("Apologised for the waiting; they have my number now.")
    if handed_on:
        yield from passed(stage, life, stage.rep(team, *life.owners()))
        yield from finished(stage, life)
    else:
        life.promise()
        yield from finished(stage, life)
