"""How a complaint moves from one person to another: the verbs of a handoff, in words that fit."""

from handoffs import answers, claims, offers, takeovers
from handoffs.models import Handoff
from handoffs.protocol import Kind, Reason, Urgency
from ownership_tracker.demo import phrases
from ownership_tracker.demo.life import Life
from people.models import Person


def offer(
    life: Life, to: Person, reason: Reason = Reason.SKILL, urgency: Urgency = Urgency.TODAY, *, on_call: bool = False
) -> Handoff:
    """The owner asks somebody to take it, with everything that they need to know."""
    owners = life.owners()
    return offers.offer(
        ticket=life.ticket,
        by=life.owner,
        to=to,
        reason=reason,
        packet=life.words.packet(reason, _names(life, to, owners), on_call=on_call, before=len(owners) - 1),
        urgency=urgency,
        on_call=on_call,
        at=life.stage.clock,
    )


def _names(life: Life, to: Person, owners: list[Person]) -> dict[str, str]:
    """Return who and what is named in an offer to somebody."""
    return {
        "to": to.name.split()[0],
        "before": owners[-2].name.split()[0] if len(owners) > 1 else "the front line",
        "count": str(len(owners)),
        "team": life.stage.company.team_of[to.pk].name,
        "language": phrases.LANGUAGES.get(life.customer.language, "English"),
    }


def accept(life: Life, handoff: Handoff, low: float = 60, high: float = 300, *, read_back: str = "") -> None:
    """The receiver says yes, in their own words, and when the customer hears from them."""
    life.look(handoff.receiver)
    life.due = life.stage.work(handoff.receiver, low, high)
    answers.accept(
        handoff=handoff.pk,
        by=handoff.receiver,
        read_back=life.words(read_back) or life.words.read_back(),
        next_contact_at=life.due,
        at=life.stage.clock,
    )
    life.owner = handoff.receiver


def decline(life: Life, handoff: Handoff, reason: str = "") -> None:
    """The other side says no, and why."""
    by = handoff.receiver if handoff.kind == Kind.OFFER else handoff.giver
    pool = phrases.DECLINES if handoff.kind == Kind.OFFER else phrases.CLAIM_DECLINES
    life.look(by)
    answers.decline(handoff=handoff.pk, by=by, reason=reason or life.words.one_of(pool), at=life.stage.clock)


def claim(life: Life, by: Person) -> Handoff:
    """Somebody says "I'll do it", and when the customer would hear from them."""
    life.look(by)
    life.due = life.stage.work(by, 120, 400)
    return claims.claim(
        ticket=life.ticket, by=by, read_back=life.words.read_back(), next_contact_at=life.due, at=life.stage.clock
    )


def release(life: Life, claim: Handoff) -> None:
    """The owner lets go."""
    claims.release(handoff=claim.pk, by=claim.giver, at=life.stage.clock)
    life.owner = claim.receiver


def take_over(life: Life, manager: Person) -> None:
    """A manager makes themselves the owner."""
    life.look(manager)
    takeovers.take_over(
        ticket=life.ticket,
        by=manager,
        reason=life.stage.dice.choice(phrases.TAKE_OVERS),
        at=life.stage.clock,
    )
    life.owner = manager
