"""Who gets what: a table that people change for themselves, within what their role must get. Pure.

For each kind of notice MUST names the roles that get it whatever they chose, and WANT those that get it
until they choose otherwise. Only people to whom a notice is addressed get it at all.
"""

from dataclasses import dataclass
from enum import StrEnum

from people.roles import Role

NOBODY: frozenset[Role] = frozenset()
EVERYBODY = frozenset(Role)
MANAGERS = frozenset({Role.MANAGER})


class Channel(StrEnum):
    """How a person can be told."""

    MAIL = "mail"


@dataclass(frozen=True)
class Rule:
    """Who must get a kind of notice, and who gets it unless they say otherwise."""

    must: frozenset[Role]
    want: frozenset[Role]

    def wanted(self, role: str, chosen: bool | None) -> bool:
        """Say whether somebody of that role, who chose that (None: nothing), gets it."""
        if role in self.must:
            return True
        return role in self.want if chosen is None else chosen


# Something is to be done, now or by a time: whoever it falls to cannot be left out.
DUTY = Rule(must=EVERYBODY, want=EVERYBODY)
# A manager answers for it; others hear of it, unless they say otherwise.
FOR_MANAGERS = Rule(must=MANAGERS, want=EVERYBODY)
# Good to know, and on the screen anyway.
NEWS = Rule(must=NOBODY, want=EVERYBODY)
# Good to know for whoever asks for it.
ON_REQUEST = Rule(must=NOBODY, want=NOBODY)

RULES: dict[str, Rule] = {
    "ticket_assigned": DUTY,
    "inherited": DUTY,
    "reopened": DUTY,
    "further_contact": NEWS,
    "taken_over": NEWS,
    "duplicate_proposed": DUTY,
    "duplicate_linked": NEWS,
    "duplicate_declined": NEWS,
    "handoff_offered": DUTY,
    "handoff_claimed": DUTY,
    "handoff_approval_asked": DUTY,
    "handoff_approved": NEWS,
    "handoff_refused": DUTY,
    "handoff_accepted": NEWS,
    "handoff_released": DUTY,
    "handoff_declined": DUTY,
    "handoff_expired": DUTY,
    "handoff_withdrawn": NEWS,
    "handoff_corrected": DUTY,
    "handoff_completed": NEWS,
    "handoff_live": ON_REQUEST,
    # By mail it would come after the call.
    "screen_pop": ON_REQUEST,
    "source_looks_broken": FOR_MANAGERS,
    "handoff_drafted": DUTY,
    "receiver_away": NEWS,
    "help_asked": DUTY,
    "help_answered": NEWS,
    "help_withdrawn": NEWS,
    "flag_raised": FOR_MANAGERS,
    "flag_rose": FOR_MANAGERS,
    "flag_climbed": FOR_MANAGERS,
    "manager_called": FOR_MANAGERS,
    "manager_asked": DUTY,
    "manager_calls_back": DUTY,
    "manager_answered": NEWS,
    "manager_unasked": NEWS,
    "cover_asked": DUTY,
    "cover_accepted": NEWS,
    "cover_ended": DUTY,
    "cover_unanswered": DUTY,
    "promise_due_soon": DUTY,
    "hold_return_due": DUTY,
}


def rule(kind: str) -> Rule:
    """Return who gets notices of that kind; one that has no line here goes to whoever does not refuse it."""
    return RULES.get(kind, NEWS)
