"""Holds, transfers and the parking lot, as Asterisk tells of them. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from phones.events import HeldKind, TransferKind, Type, UnheldReason
from phones.vendors.asterisk_calls import Call, Calls
from phones.vendors.asterisk_channels import Leg

# What belongs together comes within that time, in whatever order: an unhold and the transfer that caused it,
# a transfer to the parking lot and the parking, the end of a call and who ended it.
GRACE = timedelta(seconds=1)
UP = "6"  # ChannelState: it has answered

Raw = Mapping[str, str]


class Transfers:
    """What agents do with customers beside talking to them."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.plan = calls.plan

    def held(self, raw: Raw, when: datetime) -> None:
        """Hold: the channel is the holder's, so a customer who holds does not wait because of us.

        MusicOnHoldStart is none: it comes in queues, too.
        """
        leg = self.calls.leg(raw)
        for call in self.calls.had_by(leg):
            call.say(Type.HELD, when, by=self.plan.extension(leg), kind=HeldKind.HOLD)
            call.held = True

    def unheld(self, raw: Raw, when: datetime) -> None:
        """Unhold: it comes before an attended transfer, too, and before a blind one even if there was no hold."""
        for call in self.calls.had_by(self.calls.leg(raw)):
            if call.held is not False and call.parked_at is None:
                call.hold_back(Type.UNHELD, when, reason=UnheldReason.RESUMED)
                call.held = False

    def blind(self, raw: Raw, when: datetime) -> None:
        """BlindTransfer."""
        by, customer = self.calls.leg(raw, "Transferer"), self.calls.leg(raw, "Transferee")
        if raw.get("Result") != "Success":
            return
        for call in self.calls.passed_on(customer, by):
            call.unsay(Type.UNHELD)
            if call.parked_at is not None and abs(when - call.parked_at) <= GRACE:
                continue  # that was how it was parked
            _leave_behind(call, by)
            call.passed_by = self.plan.extension(by)
            target = raw.get("Extension", "")
            call.hold_back(Type.TRANSFERRED, when, kind=TransferKind.BLIND, by=call.passed_by, target=target)

    def attended(self, raw: Raw, when: datetime) -> None:
        """AttendedTransfer: with an Unhold before it, or by feature code without one."""
        first, second = self.calls.leg(raw, "OrigTransferer"), self.calls.leg(raw, "SecondTransferer")
        customer, other = self.calls.leg(raw, "Transferee"), self.calls.leg(raw, "TransferTarget")
        if raw.get("Result") != "Success" or raw.get("DestType") == "Threeway":
            return
        answered = bool(other.id) and raw.get("TransferTargetChannelState") == UP
        if other.id in self.calls.open and customer.id not in self.calls.open:
            customer, other, answered = other, customer, True
        by = self.plan.extension(first)
        target = self.plan.extension(other) if other.id else raw.get("SecondTransfererExten", "")
        # Passed on while it still rang, or to a queue: nobody has spoken with anybody.
        kind = TransferKind.ATTENDED if answered else TransferKind.BLIND
        for call in self.calls.passed_on(customer, first):
            call.unsay(Type.UNHELD)
            _leave_behind(call, first, second)
            call.say(Type.TRANSFERRED, when, kind=kind, by=by, target=target)
            call.passed_by, call.agent = ("", target) if answered else (by, "")
            call.legs |= {other.id} if answered else set()

    def parked(self, raw: Raw, when: datetime) -> None:
        """ParkedCall: without a Hold, and before or after the transfer to the parking lot, which is none."""
        call = self.calls.open.get(self.calls.leg(raw, "Parkee").id)
        if call is None:
            return
        call.unsay(Type.UNHELD)
        if not call.unsay(Type.TRANSFERRED) and call.passed_by:
            call.say(Type.TRANSFER_FAILED, when, reason="parked")
        parker = raw.get("ParkerDialString", "")
        call.say(Type.HELD, when, by=self.plan.agent(parker) or parker, kind=HeldKind.PARKED)
        _leave_behind(call)
        call.legs.clear()
        call.held, call.parked_at, call.passed_by = True, when, ""


def _leave_behind(call: Call, *legs: Leg) -> None:
    """Nobody has the customer; whoever had them hangs up now, which does not end the call."""
    call.legs -= {leg.id for leg in legs}
    call.held, call.agent, call.hung_up = False, "", None
    call.rung.clear()
