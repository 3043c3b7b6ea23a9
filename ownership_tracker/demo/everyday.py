"""The plots of every day: one owner, who asks, waits, keeps promises, and now and then hands over well."""

from datetime import timedelta

from handoffs import help_requests
from ownership_tracker.demo.life import Life
from ownership_tracker.demo.stage import Plot, Stage
from tickets import holds, ownership

# The web form asks which of these it is for, and people choose wrong.
WRITTEN_TO = ("billing", "contracts", "deliveries", "technical")


def begun(stage: Stage, life: Life) -> Plot:
    """Let a complaint come in, by phone or in writing, and be acknowledged in time."""
    if life.team not in WRITTEN_TO or stage.dice.random() < 0.6:
        life.call_in(stage.rep(life.team, skill=life.complaint.skill))
        yield stage.work(life.owner, 3, 45)
    else:
        life.write_in()
        yield stage.work(life.owner, 10, 200)
    life.acknowledge()
    if stage.dice.random() < 0.5:
        yield stage.work(life.owner, 10, 60)
        life.note()


def put_right(stage: Stage, life: Life) -> Plot:
    """Let the owner call now, resolve the complaint, and close it a day or two later."""
    life.call()
    yield stage.wait(1, 6)
    life.resolve()
    yield stage.work(life.owner, 200, 1200)
    life.close()


def solved_at_once(stage: Stage, team: str) -> Plot:
    """The first call is enough."""
    life = Life(stage, team)
    rep = stage.rep(team, skill=life.complaint.skill)
    life.call_in(rep)
    if stage.dice.random() < 0.4:
        yield stage.wait(1, 3)
        hold = life.hold_call(rep)
        yield stage.wait(0.3, 0.9)
        life.end_hold(hold)
    yield stage.wait(4, 14)
    life.resolve()
    yield stage.work(rep, 200, 1200)
    life.close()


def one_owner(stage: Stage, team: str) -> Plot:
    """One person from the beginning to the end, who calls when they said that they would."""
    life = Life(stage, team)
    yield from begun(stage, life)
    for _ in range(stage.dice.choice((0, 1, 1, 2))):
        yield life.in_time()
        life.call()
        life.promise()
    yield life.in_time()
    yield from put_right(stage, life)


def late(stage: Stage, team: str) -> Plot:
    """One person, whose call comes after it was promised."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield stage.work(life.owner, 600, 900)
    life.call("Called later than promised and apologised. They had been waiting.")
    life.promise()
    yield life.in_time()
    yield from put_right(stage, life)


def renegotiated(stage: Stage, team: str) -> Plot:
    """It takes longer than was promised, and the customer hears that in time."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield life.in_time()
    life.renegotiate()
    yield life.in_time()
    yield from put_right(stage, life)


def promise_withdrawn(stage: Stage, team: str) -> Plot:
    """What was promised is not needed any more."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield stage.work(life.owner, 30, 80)
    life.called(life.owner, "Found the answer to {gist} on our page; wants an e-mail to confirm it.")
    life.withdraw_promises()
    yield stage.work(life.owner, 20, 300)
    life.resolve()
    yield stage.work(life.owner, 200, 900)
    life.close()


def on_hold(stage: Stage, team: str, *, extended: bool = False, answered: bool = True) -> Plot:
    """It waits for somebody else for days, and the owner comes back when they said.

    extended: or says in time that it takes longer. answered: what was waited for comes from the customer;
    otherwise it is simply done one day.
    """
    life = Life(stage, team)
    yield from begun(stage, life)
    yield life.in_time()
    life.call()
    hold = life.hold(stage.work(life.owner, 900, 1500))
    if extended:
        yield stage.work(life.owner, 600, 880)
        longer = max(hold.return_by + timedelta(days=1), stage.work(life.owner, 900, 1500))
        reason = life.words("Not here yet: some days more for {gist}.")
        hold = holds.extend(hold=hold.pk, by=life.owner, return_by=longer, reason=reason, at=stage.clock)
        life.call("Called so that they do not have to: it is not here yet.")
    yield stage.work(life.owner, 500, 880)
    if answered:
        life.called(life.owner)
        life.end_hold(hold)
        life.promise()
        yield life.in_time()
        yield from put_right(stage, life)
    else:
        life.resolve()  # which ends the hold as well
        yield stage.work(life.owner, 200, 900)
        life.close()


def helped(stage: Stage, team: str, *, answered: bool = True) -> Plot:
    """The owner asks somebody of another team, and keeps the ticket; or finds the answer first."""
    life = Life(stage, stage.dice.choice([other for other in stage.company.reps if other != team]))
    life.call_in(stage.rep(team))
    yield stage.work(life.owner, 5, 40)
    life.acknowledge(400, 800)
    yield stage.work(life.owner, 5, 60)
    whom = stage.rep(life.team, life.owner, skill=life.complaint.skill)
    request = life.ask(whom)
    if answered:
        yield stage.work(whom, 10, 200)
        life.answer(request)
    else:
        yield stage.work(life.owner, 20, 55)
        help_requests.withdraw(help_request=request.pk, by=life.owner, at=stage.clock)
        life.note("Found it in the handbook myself.")
    yield stage.work(life.owner, 20, 350)
    yield from put_right(stage, life)


def corrected_details(stage: Stage, team: str) -> Plot:
    """It is something else, and more serious, than it first sounded."""
    life = Life(stage, team)
    yield from begun(stage, life)
    yield stage.work(life.owner, 5, 80)
    ownership.edit(
        ticket=life.ticket,
        by=life.owner,
        at=stage.clock,
        severity="serious",
        subject=life.words("Third time this year: {gist}"),
        description=life.words("It was there before, says the customer: {gist}, in {month} and last autumn."),
    )
    yield life.in_time()
    yield from put_right(stage, life)
