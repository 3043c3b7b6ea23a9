"""The verbs that move ownership, or try to; questions; and people who come and go."""

from collections.abc import Callable
from typing import Any

from hypothesis.stateful import rule
from hypothesis.strategies import booleans, lists, none, sampled_from

from handoffs import (
    answers,
    approvals,
    claims,
    departures,
    help_requests,
    offers,
    presence,
    takeovers,
)
from handoffs.models import Handoff, HelpRequest
from handoffs.protocol import HelpState, Kind, Reason, State, Urgency
from people.models import Person
from people.presence import take_extension
from tests.cast import PACKET, READ_BACK
from tests.games.floor import Machine, actors, hours, newest, owners, words

ANSWERS: dict[str, Callable[..., Any]] = {
    "accept": answers.accept,
    "release": claims.release,
    "approve": approvals.approve,
    "refuse": approvals.refuse,
    "decline": answers.decline,
    "withdraw": answers.withdraw,
    "complete": answers.complete,
    "correct": answers.correct,
}
FITTING: dict[str, str] = {State.OFFERED: "accept", State.CLAIMED: "release", State.REQUESTED: "approve"}
# Who answers, and what they say, where the answer is to succeed.
FOLLOWED: dict[str, tuple[str, dict[str, str]]] = {
    "decline": ("receiver", {"reason": "I am off until Monday."}),
    "withdraw": ("giver", {}),
    "release": ("giver", {}),
    "complete": ("giver", {name: PACKET[name] for name in ("expectation", "history")}),
    "correct": ("giver", {"correction": "The card issuer, not the bank."}),
}
READ_BACKS = [READ_BACK, READ_BACK, PACKET["need"], ""]
reasons, urgencies, read_backs = sampled_from(Reason), sampled_from(Urgency), sampled_from(READ_BACKS)
extensions = sampled_from(["", "201", "202"])
# For moves, an explicit time: before the present tenure perhaps, or in the future.
moments = sampled_from([None, None, None, 0, -1, 1])


class OnHandoffs(Machine):
    """Everything that is about who owns a ticket. Answers are given to its newest handoff, or question."""

    @rule(
        ticket=Machine.tickets,
        who=actors,
        to=owners,
        reason=reasons,
        urgency=urgencies,
        live=booleans(),
        said=sampled_from([PACKET, PACKET, {**PACKET, "history": ""}, {}]),
    )
    def offer(self, ticket: int, who: str | None, to: str, live: bool, said: dict[str, str], **how: Any) -> None:
        by, receiver = self.owner(who, ticket), Person.objects.get(username=to)
        self.attempt(offers.offer, ticket=ticket, by=by, to=receiver, packet=said, on_call=live, **how)

    @rule(ticket=Machine.tickets, who=owners, read_back=read_backs, due=hours)
    def claim(self, ticket: int, who: str, read_back: str, due: float) -> None:
        said = {"read_back": read_back, "next_contact_at": self.later(due)}
        self.attempt(claims.claim, ticket=ticket, by=self.actor(who), **said)

    @rule(
        ticket=Machine.tickets,
        who=actors,
        how=none() | sampled_from(sorted(ANSWERS)),
        read_back=read_backs,
        text=words,
        due=hours,
        at=moments,
    )
    def answer(
        self,
        ticket: int,
        who: str | None,
        how: str | None,
        read_back: str,
        text: str,
        due: float,
        at: float | None,
    ) -> None:
        """Answer the newest handoff of a ticket, as fits or otherwise."""
        found = newest(Handoff, ticket)
        if found is None:
            return
        how = how or FITTING.get(found.state, "correct")
        when = {"at": self.moment(at)}
        right, said = {
            "accept": (found.receiver, {"read_back": read_back, "next_contact_at": self.later(due), **when}),
            "release": (found.giver, when),
            "approve": (found.approver, when),
            "refuse": (found.approver, {"reason": text}),
            "decline": (found.receiver if found.kind == Kind.OFFER else found.giver, {"reason": text}),
            "withdraw": (found.made_by, {}),
            "complete": (found.giver, {"expectation": PACKET["expectation"], "history": text}),
            "correct": (found.giver, {"correction": text}),
        }[how]
        self.attempt(ANSWERS[how], handoff=found.pk, by=self.actor(who, right), **said)

    @rule(ticket=Machine.tickets, to=owners, reason=reasons)
    def hand_on(self, ticket: int, to: str, reason: Reason) -> None:
        """Offer and accept in one step, so that long chains come about."""
        by, receiver = self.owner(None, ticket), Person.objects.get(username=to)
        made = self.attempt(offers.offer, ticket=ticket, by=by, to=receiver, packet=PACKET, reason=reason)
        if made is not None:
            said = {"read_back": READ_BACK, "next_contact_at": self.later(5)}
            self.attempt(answers.accept, handoff=made.pk, by=receiver, **said)

    @rule(ticket=Machine.tickets, to=owners, how=sampled_from(sorted(FOLLOWED)))
    def follow_through(self, ticket: int, to: str, how: str) -> None:
        """Offer or claim, and give one answer by whoever it is for: so that each of them succeeds often."""
        by, receiver = self.owner(None, ticket), Person.objects.get(username=to)
        if how == "release":
            said = {"read_back": READ_BACK, "next_contact_at": self.later(5)}
            made = self.attempt(claims.claim, ticket=ticket, by=receiver, **said)
        else:
            said = {"packet": PACKET, "reason": Reason.SKILL, "on_call": how == "complete"}
            made = self.attempt(offers.offer, ticket=ticket, by=by, to=receiver, **said)
        if made is None:
            return
        if made.state == State.REQUESTED:
            self.attempt(approvals.refuse, handoff=made.pk, by=made.approver, reason="Keep it: she knows you.")
            return
        if how in ("complete", "correct"):
            said = {"read_back": READ_BACK, "next_contact_at": self.later(5)}
            self.attempt(answers.accept, handoff=made.pk, by=receiver, **said)
        party, said = FOLLOWED[how]
        self.attempt(ANSWERS[how], handoff=made.pk, by=by if party == "giver" else receiver, **said)

    @rule(tickets=lists(Machine.tickets, min_size=1, max_size=3), who=actors, at=moments, many=booleans())
    def take_over(self, tickets: list[int], who: str | None, at: float | None, many: bool) -> None:
        by, said = self.manager(who, tickets[0]), {"reason": "I see to it myself.", "at": self.moment(at)}
        if many:
            self.attempt(takeovers.take_over_many, tickets=tickets, by=by, **said)
        else:
            self.attempt(takeovers.take_over, ticket=tickets[0], by=by, **said)

    @rule(ticket=Machine.tickets, who=actors, asked=owners, text=words, due=hours, back=booleans())
    def ask_or_answer(self, ticket: int, who: str | None, asked: str, text: str, due: float, back: bool) -> None:
        """Ask a question; when there is an open one, answer it or take it back."""
        found = newest(HelpRequest, ticket)
        if found is None or found.state != HelpState.OPEN:
            said = {"asked": Person.objects.get(username=asked), "question": text, "answer_by": self.later(due)}
            self.attempt(help_requests.ask, ticket=ticket, by=self.owner(who, ticket), **said)
        elif back:
            by = self.actor(who, found.asked_by)
            self.attempt(help_requests.withdraw, help_request=found.pk, by=by)
        else:
            by = self.actor(who, found.asked)
            self.attempt(help_requests.answer, help_request=found.pk, by=by, answer=text)

    @rule(who=owners, where=sampled_from(["present", "away"]), until=none() | hours, extension=extensions)
    def come_or_go(self, who: str, where: str, until: float | None, extension: str) -> None:
        self.attempt(take_extension, person=self.actor(who), extension=extension)
        away_until = self.moment(until) if where == "away" else None
        self.attempt(presence.set_presence, person=self.actor(who), presence_now=where, away_until=away_until)

    @rule(who=owners, by=sampled_from(["adam", "maya", "petra", "bob"]))
    def leave(self, who: str, by: str) -> None:
        self.attempt(departures.leave, person=Person.objects.get(username=who).pk, by=self.actor(by))
