"""The story that the product exists for, as one of the tickets.

A customer is passed around three people and nothing is solved; she calls again, asks for a manager, is put
on hold and nobody comes back; she calls a third time and is hung up on. The flag is amber during the first
call, and red with the second.
"""

from handoffs import answers
from handoffs.protocol import Reason
from ownership_tracker.demo import moving
from ownership_tracker.demo.complaints import BY_TEAM
from ownership_tracker.demo.life import Life
from ownership_tracker.demo.stage import Plot, Stage
from ownership_tracker.demo.words import Words
from people.models import Person
from tickets.kinds import HoldEnd

# Whose flag it is in the end, and whose manager sees it.
TEAM = "billing"


class Story:
    """The story, and the ticket that it is about."""

    def __init__(self, stage: Stage) -> None:
        """Plan it: the third call within the last hour, the first two working days ago."""
        self._stage = stage
        self._third = stage.before(TEAM, stage.now, 35)
        self._second = stage.before(TEAM, self._third, 420)
        self.first = stage.before(TEAM, self._second, 480)
        self.ticket = 0

    def plot(self) -> Plot:
        """Let it happen."""
        stage = self._stage
        life = Life(stage, TEAM)
        complaint = next(one for one in BY_TEAM[TEAM] if one.category == "direct_debit")
        life.words = Words(complaint, dice=stage.dice, at=stage.clock)
        people = [stage.rep("front-line"), stage.rep("technical"), stage.rep(TEAM, skill="refunds")]
        yield from self._passed_around(life, people)
        yield self._second
        yield from self._forgotten_on_hold(life)
        yield self._third
        yield from self._hung_up_on(life)

    def _passed_around(self, life: Life, people: list[Person]) -> Plot:
        stage = self._stage
        life.call_in(people[0])
        self.ticket = life.ticket
        yield stage.wait(2, 4)
        for giver, receiver, said in zip(people, people[1:], PASSED, strict=False):
            hold = life.hold_call(giver)
            yield stage.wait(0.4, 0.8)
            handoff = moving.offer(life, receiver, Reason.SKILL, on_call=True)
            yield stage.wait(0.3, 1.2)
            life.end_hold(hold, HoldEnd.TRANSFERRED, by=giver)
            moving.accept(life, handoff, 300, 330, read_back=said)
            yield stage.wait(4, 7)
            answers.complete(
                handoff=handoff.pk,
                by=giver,
                expectation="She expects that this call settles it.",
                history="She has told it from the beginning, and the mandate is still active.",
                at=stage.clock,
            )
        life.acknowledge(330, 350)
        life.note("Could not find the mandate in the new system. She had to leave for work.")

    def _forgotten_on_hold(self, life: Life) -> Plot:
        stage, rep = self._stage, self._answering(life)
        life.called(rep, "Second call: taken again, nobody has called back. Asks for a manager.", chase=True)
        yield stage.wait(1, 2)
        life.note("She wants to speak with a manager. I put her on hold to find one.", by=rep)
        hold = life.hold_call(rep)
        yield stage.wait(11, 12)
        life.end_hold(hold, HoldEnd.CALLER_HUNG_UP, by=rep)

    def _hung_up_on(self, life: Life) -> Plot:
        stage, rep = self._stage, self._answering(life)
        life.called(rep, "Third call: says that it is the last one before she goes to the ombudsman.", chase=True)
        yield stage.wait(1, 2)
        hold = life.hold_call(rep)
        yield stage.wait(0.8, 1.2)
        life.end_hold(hold, HoldEnd.DROPPED_BY_US, by=rep)
        life.note("The line was cut when I tried to connect her. She has not been called back.", by=rep)

    def _answering(self, life: Life) -> Person:
        return self._stage.rep(TEAM, *life.owners())


PASSED = (
    "Money keeps leaving her account although she has left us; I look who can stop that.",
    "She is no customer any longer and still pays. I search for the authorisation and ring this afternoon.",
)
