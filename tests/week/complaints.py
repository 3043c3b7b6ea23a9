"""What happens to a complaint: answered, kept in mind, now and then handed on, put right."""

from datetime import timedelta

from handoffs import answers, approvals, help_requests, offers
from handoffs.models import HelpRequest
from handoffs.protocol import HelpState, Reason, Urgency
from people import working_time
from people.models import Person
from tests.week.life import Complaint
from tests.week.stage import Forgotten, Plot, Stage
from tickets import holds, promises, resolution
from tickets.kinds import HoldKind
from tickets.models import Customer
from tickets.states import Outcome

PACKET = {
    "need": "They want the second charge of March taken back.",
    "next_action": "Call the bank's dispute desk before noon.",
    "expectation": "A call by this evening; they were told two days at most.",
    "history": "Refund tried twice, both times rejected for a closed card.",
}
READ_BACK = "I get the money of March returned and ring the bank myself."


def complaint(stage: Stage, rep: Person, customer: Customer) -> Plot:
    """A customer complains on the phone to `rep`, who sees to it from then on."""
    life = Complaint(stage, rep, customer)
    dice, rates = life.dice, life.rates
    yield from talk(life, rep)
    if not dice.happens(rates.solved_at_once):
        yield stage.work(dice.minutes(*rates.acknowledged_after))
        while stage.at_lunch(rep):
            yield stage.lunches[rep.pk].until
        life.acknowledge()
        yield from worked_on(life)
    yield from put_right(life)


def left_over(stage: Stage, rep: Person, customer: Customer) -> Plot:
    """A complaint of the week before, that is still being worked on when the week begins."""
    life = Complaint(stage, rep, customer)
    yield stage.work(life.dice.minutes((1, 2, 8)))
    life.acknowledge()
    yield from worked_on(life)
    yield from put_right(life)


def mistaken(stage: Stage, rep: Person, customer: Customer, outcome: Outcome) -> Plot:
    """It is no complaint, or not for us, which becomes clear after a ticket was opened."""
    life = Complaint(stage, rep, customer)
    yield stage.work(life.dice.minutes((1, 1, 12)))
    resolution.close(ticket=life.ticket, by=rep, outcome=outcome)


def talk(life: Complaint, rep: Person) -> Plot:
    """Some minutes on the line, at times on hold, and at times forgotten there."""
    stage, dice, rates = life.stage, life.dice, life.rates
    yield stage.clock + dice.minutes((1, 1, 4))
    if dice.happens(rates.put_on_hold) and not (life.on_the_line or life.ended):
        life.on_the_line = True
        hold = holds.start(ticket=life.ticket, by=rep, kind=HoldKind.CALL)
        if dice.happens(rates.walks_off):
            until = stage.clock + dice.minutes((1, 3, 8))
            yield Forgotten(
                until, life.ticket, "hold_return_due", life.reminded(), rates.comes_back_when_nudged, (0.1, 0.7)
            )
        else:
            median, spread = rates.hold_seconds
            yield stage.clock + timedelta(seconds=round(median * dice.lognormvariate(0, spread)))
        holds.end(hold=hold.pk, by=rep)
        life.on_the_line = False
    yield stage.clock + dice.minutes((1, 1, 4))


def worked_on(life: Complaint) -> Plot:
    """From one promised call to the next, until one puts it right."""
    dice, rates = life.dice, life.rates
    while True:
        if dice.happens(rates.asks_for_help):
            yield from helped(life)
        if dice.happens(rates.handed_on):
            yield from handed_on(life)
        yield from called_back(life)
        if dice.happens(rates.waits_for_others):
            yield from waited(life)
        if dice.happens(rates.solved_by_a_call):
            return
        life.promise()


def called_back(life: Complaint) -> Plot:
    """The promised call: most have it in mind, the others need the reminder; noted when it is over."""
    stage, dice, rates = life.stage, life.dice, life.rates
    left = working_time.between(stage.desk.calendar, stage.clock, life.due)
    in_time = stage.work(left * dice.uniform(0.5, 0.95))
    if dice.happens(rates.renegotiates):
        yield in_time
        by = yield from life.somebody()
        life.due = life.promise_time()
        for promise in life.open_promises():
            promises.renegotiate(promise=promise, by=by, due_at=life.due, told="Called them: it takes longer.")
        yield from called_back(life)
        return
    if dice.happens(rates.has_it_in_mind):
        yield in_time
    else:
        late = working_time.add(stage.desk.calendar, life.due, dice.minutes(*rates.called_too_late))
        yield Forgotten(late, life.ticket, "promise_due_soon", life.reminded(), rates.heeds_reminder, (0.5, 7))
    by = yield from life.somebody()
    yield stage.clock + dice.minutes((1, 2, 6))
    # Lunch may be over by now: then it is the owner again who notes it.
    life.called(by if by == life.owner else (yield from life.somebody()))


def helped(life: Complaint) -> Plot:
    """The owner asks a colleague, and goes on with the answer when it comes; the ticket stays."""
    stage, dice, rates = life.stage, life.dice, life.rates
    asked = stage.colleague(dice, life.owner)
    answer_by = stage.work(dice.minutes((1, 60, 240)))
    request = help_requests.ask(
        ticket=life.ticket, by=life.owner, asked=asked, question="Which form does the bank want?", answer_by=answer_by
    )
    left = working_time.between(stage.desk.calendar, stage.clock, answer_by)
    late = left + dice.minutes((1, 10, 120))
    at = stage.work(late if dice.happens(rates.answers_late) else left * dice.uniform(0.1, 0.9))
    stage.enter(at, _answered(request.pk, asked))
    yield stage.work(dice.minutes((1, 1, 5)))


def _answered(request: int, asked: Person) -> Plot:
    if HelpRequest.objects.get(pk=request).state == HelpState.OPEN:
        help_requests.answer(help_request=request, by=asked, answer="The blue one, signed by both.")
    return
    yield


def waited(life: Complaint) -> Plot:
    """It waits for somebody outside; the owner has said until when, and comes back before."""
    stage, dice, rates = life.stage, life.dice, life.rates
    return_by = working_time.add_days(stage.desk.calendar, stage.clock, dice.choice((1, 1, 2)))
    hold = holds.start(
        ticket=life.ticket, by=life.owner, kind=HoldKind.TICKET, reason="The bank answers.", return_by=return_by
    )
    left = working_time.between(stage.desk.calendar, stage.clock, return_by)
    late = dice.minutes((1, 15, 240))
    yield stage.work(left + late if dice.happens(rates.returns_late) else left * dice.uniform(0.5, 0.97))
    by = yield from life.somebody()
    holds.end(hold=hold.pk, by=by)
    life.called(by)


def handed_on(life: Complaint) -> Plot:
    """The owner asks a colleague to take it; whoever says yes calls the customer soon."""
    stage, dice, rates = life.stage, life.dice, life.rates
    live = dice.happens(rates.while_on_the_line) and not stage.at_lunch(life.owner)
    to = stage.colleague(dice, life.owner)
    packet = dict(list(PACKET.items())[:2]) if live else PACKET
    by = yield from life.somebody()
    if stage.at_lunch(to) or to == by:
        return
    offer = offers.offer(
        ticket=life.ticket, by=by, to=to, reason=Reason.SKILL, urgency=Urgency.HOUR, packet=packet, on_call=live
    )
    if offer.approver is not None:
        yield stage.work(dice.minutes((1, 5, 40)))
        offer = approvals.approve(handoff=offer.pk, by=offer.approver)
    if dice.happens(rates.never_answers):
        yield offer.due_at + timedelta(minutes=1)
        return
    yield stage.clock + dice.minutes((1, 0.4, 1.6)) if live else stage.work(dice.minutes((1, 2, 45)))
    if dice.happens(rates.declines):
        answers.decline(handoff=offer.pk, by=to, reason="That is for whoever knows the bank.")
        return
    soon = stage.work(dice.minutes((1, 30, 180)))
    next_contact_at = life.promise_time() if dice.happens(rates.meets_customer_late) else soon
    answers.accept(handoff=offer.pk, by=to, read_back=READ_BACK, next_contact_at=next_contact_at)
    life.owner, life.due = to, min(life.due, next_contact_at)
    if live:
        yield stage.clock + dice.minutes((0.95, 2, 10), (0.05, 20, 50))
        answers.complete(
            handoff=offer.pk, by=offer.giver, expectation=PACKET["expectation"], history=PACKET["history"]
        )


def put_right(life: Complaint) -> Plot:
    """The complaint is resolved; it is closed in the weeks after, when the customer has not come back."""
    stage, dice = life.stage, life.dice
    by = yield from life.somebody()
    while life.manager_wanted or life.on_the_line:
        yield stage.work(dice.minutes((1, 5, 15)))
        by = yield from life.somebody()
    life.ended = True
    if life in stage.live:
        stage.live.remove(life)
    resolution.resolve(
        ticket=life.ticket, by=by, resolution="Paid back.", root_cause="double_booking", customer_agreed=True
    )
