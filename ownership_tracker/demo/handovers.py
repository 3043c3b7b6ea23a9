"""The plots in which a complaint is handed over once, and well."""

from datetime import datetime

from handoffs import answers
from handoffs.models import Handoff
from handoffs.protocol import Reason, Urgency
from ownership_tracker.demo import moving, phrases
from ownership_tracker.demo.everyday import WRITTEN_TO, put_right
from ownership_tracker.demo.life import Life
from ownership_tracker.demo.stage import Plot, Stage
from people.models import Person
from tickets.kinds import HoldEnd


def answer_time(stage: Stage, handoff: Handoff) -> datetime:
    """Return the moment at which somebody answers: in time."""
    if handoff.on_call:
        return stage.wait(0.3, 1.6)
    if handoff.urgency == Urgency.NOW:
        return stage.wait(2, 12)
    asked = handoff.receiver
    return stage.work(asked, 4, 50) if handoff.urgency == Urgency.HOUR else stage.work(asked, 8, 200)


def urgency_for(stage: Stage, receiver: Person) -> Urgency:
    """Return how urgent an offer may be: "now" only to somebody who is at work."""
    if stage.at_work(receiver, for_minutes=20) and stage.dice.random() < 0.25:
        return Urgency.NOW
    return stage.dice.choice((Urgency.HOUR, Urgency.TODAY, Urgency.TODAY))


def handed_over(stage: Stage, life: Life, to: Person, reason: Reason, *, corrected: bool = False) -> Plot:
    """Let the owner offer it to somebody, who reads it, says it back, and has it from then on."""
    handoff = moving.offer(life, to, reason, urgency_for(stage, to))
    yield answer_time(stage, handoff)
    moving.accept(life, handoff)
    if corrected:
        yield stage.wait(3, 15)
        correction = stage.dice.choice(phrases.CORRECTIONS)
        answers.correct(handoff=handoff.pk, by=handoff.giver, correction=correction, at=stage.clock)


def handed_to_specialist(stage: Stage, team: str, reason: Reason = Reason.SKILL, *, corrected: bool = False) -> Plot:
    """The front line hears it, and hands it once to the one who can put it right.

    corrected: what the specialist says back is not quite what was meant.
    """
    life = Life(stage, team, foreign=reason == Reason.LANGUAGE)
    language = life.customer.language if reason == Reason.LANGUAGE else ""
    life.call_in(stage.rep("front-line"))
    yield stage.work(life.owner, 3, 40)
    life.acknowledge(300, 600)
    yield stage.work(life.owner, 2, 30)
    if reason == Reason.AUTHORITY:
        to = stage.manager(team)
    else:
        to = stage.rep(team, life.owner, skill=life.complaint.skill, language=language)
    yield from handed_over(stage, life, to, reason, corrected=corrected)
    yield life.in_time()
    life.call("Introduced myself: from now on they have one person for {gist}.")
    life.promise()
    yield life.in_time()
    yield from put_right(stage, life)


def reached_the_wrong_team(stage: Stage, team: str) -> Plot:
    """Routing has put it into the wrong team, which says so before it has answered."""
    life = Life(stage, team)
    life.write_in(stage.dice.choice([other for other in WRITTEN_TO if other != team]))
    yield stage.work(life.owner, 5, 60)
    to = stage.rep(team, life.owner, skill=life.complaint.skill)
    yield from handed_over(stage, life, to, Reason.WRONG_OWNER)
    yield stage.wait(5, 30)
    life.acknowledge()
    yield life.in_time()
    yield from put_right(stage, life)


def handed_over_live(stage: Stage, team: str) -> Plot:
    """The customer is on the line while two of us hand over."""
    life = Life(stage, team)
    rep = stage.rep("front-line")
    life.call_in(rep)
    to = stage.rep(team, skill=life.complaint.skill)
    yield stage.wait(2, 6)
    hold = life.hold_call(rep)
    yield stage.wait(0.2, 0.5)
    handoff = moving.offer(life, to, on_call=True)
    yield answer_time(stage, handoff)
    life.end_hold(hold, HoldEnd.TRANSFERRED, by=rep)
    moving.accept(life, handoff, read_back=phrases.LIVE_READ_BACK)
    yield stage.wait(3, 9)
    life.acknowledge()
    yield stage.wait(1, 4)
    answers.complete(
        handoff=handoff.pk,
        by=rep,
        expectation=life.words(life.complaint.expectation),
        history=life.words(life.complaint.history),
        at=stage.clock,
    )
    yield life.in_time()
    yield from put_right(stage, life)
