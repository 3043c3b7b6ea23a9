"""What people do all day: fifty calls, lunch with somebody who covers, and managers who look at what they are told."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from handoffs import covers, manager_requests, presence
from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState
from notices.models import Notice
from people.models import Person
from tests.week.complaints import complaint, mistaken, talk
from tests.week.stage import Dice, Lunch, Plot, Stage
from tickets import contacts, flags, limits
from tickets.kinds import Level
from tickets.models import Flag
from tickets.states import Outcome

LUNCH = timedelta(minutes=30)
# A quarter of the team each; the calls come in the other seven and a half hours.
LUNCHES = (time(11, 30), time(12, 0), time(12, 30), time(13, 0))
# The last call so long before lunch, and before going home: whoever takes one finishes what it needs first.
LAST_CALL = timedelta(minutes=15)

Reaction = Callable[[Stage, Dice, dict[str, Any], Person], Plot]


def day(stage: Stage, rep: Person, opens: datetime, closes: datetime) -> Plot:
    """One rep's calls of one day, each at its moment."""
    dice, rates = stage.dice("day", rep.username, opens), stage.rates
    place = stage.desk.reps.index(rep)
    begin = datetime.combine(opens.astimezone(stage.desk.calendar.zone), LUNCHES[place % 4], stage.desk.calendar.zone)
    stage.enter(begin, lunch(stage, rep, begin + LUNCH))
    seconds = round((closes - opens - LUNCH - 2 * LAST_CALL).total_seconds())
    for at in sorted(opens + timedelta(seconds=dice.randrange(seconds)) for _ in range(rates.calls)):
        kind = dice.choices(list(rates.kinds), weights=list(rates.kinds.values()))[0]
        stage.tally[kind] += 1
        by_mistake = kind in ("enquiry", "wrong_number") and dice.happens(rates.opened_by_mistake)
        if by_mistake or kind in ("complaint", "about_a_ticket", "reply"):
            yield at if at < begin - LAST_CALL else at + LAST_CALL + LUNCH
        if by_mistake:
            stage.tally["by_mistake"] += 1
            outcome = Outcome.WRONG_NUMBER if kind == "wrong_number" else Outcome.NOT_A_COMPLAINT
            stage.enter(stage.clock, mistaken(stage, rep, stage.desk.customers.pop(), outcome))
        elif kind == "complaint":
            stage.enter(stage.clock, complaint(stage, rep, stage.desk.customers.pop()))
        elif kind in ("about_a_ticket", "reply") and stage.live:
            stage.enter(stage.clock, further_call(stage, rep, kind))


def further_call(stage: Stage, rep: Person, kind: str) -> Plot:
    """Somebody with an open complaint calls again: to add something, to return our call, or to chase."""
    dice, rates = stage.dice("about", rep.username, stage.clock), stage.rates
    life = dice.choice(stage.live)
    chase = kind == "about_a_ticket" and dice.happens(rates.chases)
    yield from talk(life, rep)
    contacts.contact(
        ticket=life.ticket, by=rep, direction="inbound", chase=chase, summary="Wrote down what they said."
    )
    if not (life.ended or life.manager_wanted) and dice.happens(rates.wants_manager):
        life.manager_wanted = True
        manager_requests.ask(ticket=life.ticket, by=rep, reason="They have had enough.")


def lunch(stage: Stage, rep: Person, until: datetime) -> Plot:
    """Half an hour away; nearly always a colleague answers what falls due meanwhile."""
    dice = stage.dice("lunch", rep.username, until)
    presence.set_presence(person=rep, presence_now="away", away_until=until)
    stage.lunches[rep.pk] = Lunch(until)
    if dice.happens(stage.rates.covered_at_lunch):
        colleague = stage.colleague(dice, rep)
        cover = covers.ask(by=rep, covering=colleague, until=until)
        yield stage.clock + timedelta(seconds=dice.randint(10, 90))
        covers.accept(cover=cover.pk, by=colleague)
        stage.lunches[rep.pk] = Lunch(until, colleague)
    yield until
    rep.refresh_from_db(fields=["presence"])
    presence.set_presence(person=rep, presence_now="present")


def managers(stage: Stage) -> None:
    """Let managers react to what the product tells them, and whoever forgets to what it reminds them of."""
    stage.reacts = {
        "promise_due_soon": stage.remind,
        "hold_return_due": stage.remind,
        "flag_raised": lambda notice: _enter_later(stage, notice, _looks_at),
        "flag_rose": lambda notice: _enter_later(stage, notice, _looks_at),
        "manager_asked": lambda notice: _enter_later(stage, notice, _is_rung),
    }


def _enter_later(stage: Stage, notice: Notice, plot: Reaction) -> None:
    person = notice.person
    if person is not None and (notice.kind == "manager_asked" or person == stage.desk.team.manager):
        dice = stage.dice(notice.kind, stage.customer_of[notice.about], person.username, stage.clock)
        stage.enter(stage.clock, plot(stage, dice, notice.payload, person))


def _looks_at(stage: Stage, dice: Dice, payload: dict[str, Any], manager: Person) -> Plot:
    """The manager looks at a flag: takes a red one on, and ends what does not clear by itself."""
    yield stage.work(dice.minutes((1, 5, 40)))
    flag = Flag.objects.get(pk=payload["flag"])
    if flag.is_open and flag.level == Level.RED and flag.taken_on_by is None:
        flag = flags.take_on(flag=flag.pk, by=manager)
    yield stage.work(dice.minutes((1, 15, 90)))
    flag.refresh_from_db()
    if flag.is_open and not limits.clears(flag.kind, flag.level) and dice.happens(stage.rates.manager_closes_flags):
        flags.close(flag=flag.pk, by=manager, note="Spoke with both; it is in hand.")


def _is_rung(stage: Stage, dice: Dice, payload: dict[str, Any], person: Person) -> Plot:
    """Whoever is rung for a customer picks up, or calls back when they can."""
    picks_up = dice.happens(stage.rates.manager_picks_up)
    yield stage.clock + dice.minutes((1, 0.3, 1.5)) if picks_up else stage.work(dice.minutes((1, 10, 55)))
    wanted = ManagerRequest.objects.get(pk=payload["manager_request"])
    if wanted.state == RequestState.OPEN:
        manager_requests.answer(manager_request=wanted.pk, by=person, answer="Agreed on a refund by Friday.")
        for life in stage.live:
            life.manager_wanted &= life.ticket != wanted.ticket_id
