"""The words for codes: what a screen says where the database has a code. Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

# What falls due: (icon, words).
CLOCKS: dict[str, tuple[str, Label]] = {
    "acknowledge": ("user-check", _("acknowledge")),
    "promise": ("heart-handshake", _("promise due")),
    "hold": ("clock-pause", _("back from hold")),
    "answer_offer": ("arrows-exchange", _("answer offer")),
    "answer_claim": ("hand-stop", _("answer claim")),
    "approve_handoff": ("shield-check", _("approve")),
    "complete_handoff": ("clipboard-check", _("packet owed")),
    "help": ("message-question", _("answer question")),
    "manager_request": ("bell-ringing", _("call customer")),
    "wrap_up": ("phone-off", _("wrap up")),
}

STATUS: dict[str, Label] = {
    "new": _("New"),
    "open": _("Open"),
    "on_hold": _("On hold"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
}

SEVERITY: dict[str, Label] = {"routine": _("Routine"), "serious": _("Serious"), "critical": _("Critical")}

CHANNEL: dict[str, Label] = {
    "phone": _("Phone"),
    "email": _("E-mail"),
    "chat": _("Chat"),
    "web": _("Web form"),
    "letter": _("Letter"),
    "in_person": _("In person"),
}

LEVEL: dict[str, Label] = {"amber": _("Amber"), "red": _("Red")}

FLAG: dict[str, Label] = {
    "bounced": _("Bounced"),
    "ping_pong": _("Back and forth"),
    "hot_potato": _("Passed on quickly"),
    "refused": _("Nobody takes it"),
    "cold_transfer": _("Cold transfer"),
    "packet_owed": _("Packet owed"),
    "hold_overdue": _("Hold overdue"),
    "abandoned_on_hold": _("Abandoned on hold"),
    "dropped_by_us": _("Hung up on"),
    "queue_abandoned": _("Gave up waiting"),
    "repeat_contact": _("Keeps calling"),
    "unacknowledged": _("Not acknowledged"),
    "promise_broken": _("Promise broken"),
    "manager_asked": _("Wants a manager"),
    "help_unanswered": _("Question unanswered"),
    "silent": _("Silence"),
}

FLAG_STATUS: dict[str, Label] = {
    "raised": _("Raised"),
    "taken_on": _("Taken on"),
    "closed": _("Closed"),
    "false_alarm": _("False alarm"),
    "cleared": _("Cleared by itself"),
}

REASON: dict[str, Label] = {
    "authority": _("Needs more authority"),
    "skill": _("Needs another skill"),
    "language": _("Needs another language"),
    "customer_asked": _("The customer asked for it"),
    "conflict_of_interest": _("Conflict of interest"),
    "absence": _("I will be away"),
    "wrong_owner": _("It came to the wrong owner"),
}

URGENCY: dict[str, Label] = {
    "now": _("Now (15 minutes)"),
    "hour": _("Within the hour"),
    "today": _("Today (4 working hours)"),
}

BEGAN_BY: dict[str, Label] = {
    "opened": _("Opened it"),
    "accepted": _("Accepted a handoff"),
    "taken_over": _("Took it over"),
    "inherited": _("Inherited it"),
    "imported": _("From the imported history"),
}

HOLD_KIND: dict[str, Label] = {"call": _("On the line"), "ticket": _("For days")}

HOLD_END: dict[str, Label] = {
    "returned": _("We came back"),
    "transferred": _("Transferred"),
    "caller_hung_up": _("The caller hung up"),
    "dropped_by_us": _("We hung up"),
    "closed": _("The ticket was closed"),
}

OUTCOME: dict[str, Label] = {
    "resolved": _("Resolved"),
    "duplicate_of": _("Duplicate of another ticket"),
    "withdrawn": _("Withdrawn by the customer"),
    "unreachable": _("Customer cannot be reached"),
    "not_a_complaint": _("Not a complaint"),
    "wrong_number": _("Wrong number"),
    "spam": _("Spam"),
}

PACKET: dict[str, Label] = {
    "need": _("What the customer needs"),
    "next_action": _("Who does what next, by when"),
    "expectation": _("What the customer expects"),
    "history": _("What was tried, what is known"),
    "contingency": _("If it goes otherwise"),
    "customer_told": _("What the customer was told"),
}

HANDOFF_STATE: dict[str, Label] = {
    "requested": _("Waits for approval"),
    "offered": _("Offered"),
    "claimed": _("Claimed"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
    "expired": _("Not answered in time"),
    "refused": _("Not approved"),
}
