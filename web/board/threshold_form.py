"""A team's thresholds as a form: every number in words, in a unit in which people think of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.errors import Refusal
from people.models import Team
from tickets import thresholds
from web.labels import FLAG, Label

SECONDS, MINUTES, WORKING_MINUTES = gettext_lazy("seconds"), gettext_lazy("minutes"), gettext_lazy("working minutes")
DAYS, OWNERS, TIMES = gettext_lazy("working days"), gettext_lazy("owners"), gettext_lazy("times")
OFFERS, TICKETS = gettext_lazy("offers"), gettext_lazy("open tickets each")
IN_MINUTES = (MINUTES, WORKING_MINUTES)

AMBER, RED = gettext_lazy("amber from"), gettext_lazy("red from")

# What belongs together, and of each number its name, its words and its unit.
GROUPS: tuple[tuple[Label, tuple[tuple[str, Label, Label], ...]], ...] = (
    (
        FLAG["unacknowledged"],
        (
            ("acknowledge_phone_seconds", gettext_lazy("came by phone: red after, amber at half"), WORKING_MINUTES),
            ("acknowledge_other_seconds", gettext_lazy("came otherwise: red after, amber at half"), WORKING_MINUTES),
        ),
    ),
    (
        FLAG["bounced"],
        (
            ("bounced_amber_owners", AMBER, OWNERS),
            ("bounced_red_owners", RED, OWNERS),
            (
                "bounced_red_owners_chased",
                gettext_lazy("red from, when the customer asked within seven days"),
                OWNERS,
            ),
        ),
    ),
    (
        FLAG["ping_pong"],
        (
            ("ping_pong_amber_returns", gettext_lazy("came back to an earlier owner: amber from"), TIMES),
            ("ping_pong_red_returns", RED, TIMES),
        ),
    ),
    (
        FLAG["hot_potato"],
        (
            ("hot_potato_amber_owners", gettext_lazy("within 24 hours: amber from"), OWNERS),
            ("hot_potato_red_owners", RED, OWNERS),
        ),
    ),
    (
        FLAG["refused"],
        (
            ("refused_amber_offers", gettext_lazy("declined or not answered: amber from"), OFFERS),
            ("refused_red_offers", RED, OFFERS),
        ),
    ),
    (
        FLAG["repeat_contact"],
        (
            ("repeat_contact_amber_chases", gettext_lazy("asked within seven days: amber from"), TIMES),
            ("repeat_contact_red_chases", RED, TIMES),
        ),
    ),
    (
        gettext_lazy("On hold, on the line"),
        (
            ("call_hold_reminder_seconds", gettext_lazy("the owner is reminded after"), SECONDS),
            ("call_hold_amber_seconds", gettext_lazy("amber after"), SECONDS),
            ("call_hold_red_seconds", gettext_lazy("red after"), SECONDS),
            ("call_hold_abandoned_seconds", gettext_lazy("nobody came back: abandoned after"), SECONDS),
        ),
    ),
    (
        gettext_lazy("On hold, for days"),
        (
            (
                "ticket_hold_red_days",
                gettext_lazy("amber when the return has passed; red after that for"),
                DAYS,
            ),
        ),
    ),
    (
        FLAG["promise_broken"],
        (
            ("promise_reminder_seconds", gettext_lazy("the owner is reminded before it is due"), MINUTES),
            ("promise_red_seconds", gettext_lazy("amber when it is due; red after that for"), MINUTES),
        ),
    ),
    (
        FLAG["cold_transfer"],
        (
            ("cold_transfer_red_seconds", gettext_lazy("passed on in a call: amber at once, red after"), MINUTES),
            (
                "unintroduced_red_seconds",
                gettext_lazy("not heard from the new owner: red after"),
                WORKING_MINUTES,
            ),
        ),
    ),
    (
        FLAG["silent"],
        (
            ("silent_amber_days", gettext_lazy("no contact with the customer: amber after"), DAYS),
            ("silent_red_days", gettext_lazy("red after"), DAYS),
        ),
    ),
    (
        FLAG["packet_owed"],
        (
            ("packet_owed_amber_seconds", gettext_lazy("amber after"), MINUTES),
            ("packet_owed_red_seconds", gettext_lazy("red after"), WORKING_MINUTES),
        ),
    ),
    (
        FLAG["help_unanswered"],
        (("help_unanswered_red_days", gettext_lazy("amber when it is due; red after that for"), DAYS),),
    ),
    (
        FLAG["manager_asked"],
        (
            ("manager_deputy_seconds", gettext_lazy("the deputy is rung after"), MINUTES),
            ("manager_asked_amber_seconds", gettext_lazy("amber after"), WORKING_MINUTES),
            (
                "manager_asked_red_seconds",
                gettext_lazy("red after, and the customer is called back by then"),
                WORKING_MINUTES,
            ),
        ),
    ),
    (
        gettext_lazy("Climbing and capacity"),
        (
            (
                "climb_seconds",
                gettext_lazy("a red flag that nobody takes on goes to the next manager after"),
                WORKING_MINUTES,
            ),
            ("load_limit_tickets", gettext_lazy("more than that is too much for a rep"), TICKETS),
        ),
    ),
)
WORDS = {name: (group, words, unit) for group, numbers in GROUPS for name, words, unit in numbers}


def called(name: str) -> str:
    """Return a threshold in words: which flag's, and which of its numbers."""
    group, words, _unit = WORDS[name]
    return f"{group}: {words}"


def shown(name: str, value: int) -> str:
    """Return a threshold's value as its field shows it: minutes with a fraction, where they have one."""
    if WORDS[name][2] not in IN_MINUTES:
        return str(value)
    minutes = (Decimal(value) / 60).quantize(Decimal("0.0001"))
    return f"{minutes:f}".rstrip("0").rstrip(".")


def measured(name: str, value: int) -> str:
    """Return a threshold's value with its unit."""
    return f"{shown(name, value)} {WORDS[name][2]}"


@dataclass(frozen=True)
class Number:
    """One number of the form. is_own: whether the team has set it for itself."""

    field: BoundField
    unit: Label
    default: str
    is_own: bool


class ThresholdsForm(forms.Form):
    """All thresholds of a team."""

    def __init__(self, *args: Any, team: Team, **said: Any) -> None:
        present = thresholds.of(team.thresholds)
        said["initial"] = {name: shown(name, getattr(present, name)) for name in thresholds.NAMES}
        super().__init__(*args, **said)
        self.own: Mapping[str, int] = team.thresholds
        for _group, numbers in GROUPS:
            for name, words, unit in numbers:
                self.fields[name] = _field(name, words, unit)

    @property
    def groups(self) -> list[tuple[Label, list[Number]]]:
        """The fields, as they belong together."""
        return [(group, [self._number(name, unit) for name, _words, unit in numbers]) for group, numbers in GROUPS]

    def _number(self, name: str, unit: Label) -> Number:
        default = shown(name, getattr(thresholds.DEFAULTS, name))
        return Number(self[name], unit, default, name in self.own)

    def numbers(self) -> dict[str, int]:
        """Return what was filled in, as the verb takes it."""
        return {
            name: round(value * 60) if WORDS[name][2] in IN_MINUTES else int(value)
            for name, value in self.cleaned_data.items()
        }

    def refuse(self, refusal: Refusal) -> None:
        """Write beside each field what is wrong with it, its neighbours called by their words."""
        for name, words in refusal.fields.items():
            if name in self.fields:
                self.add_error(name, re.sub(rf"\b({'|'.join(thresholds.NAMES)})\b", _quoted, words))
        if not self.errors:
            self.add_error(None, refusal.detail)


def _quoted(found: re.Match[str]) -> str:
    return f"“{called(found[0])}”"


def _field(name: str, words: Any, unit: Label) -> forms.Field:
    in_minutes = unit in IN_MINUTES
    most = thresholds.most(name)
    if in_minutes:
        most //= 60
    least = Decimal(1) / 60 if in_minutes else Decimal(1)
    box = forms.NumberInput(attrs={"class": "form-control", "inputmode": "decimal" if in_minutes else "numeric"})
    messages = {
        "required": _("Give a number."),
        "min_value": _("Not less than one second.") if in_minutes else _("Not less than 1."),
        "max_value": _("At most %(most)d.") % {"most": most},
        "max_decimal_places": _("Whole numbers only."),
    }
    return forms.DecimalField(
        label=words,
        widget=box,
        min_value=least.quantize(Decimal("0.0001")),
        max_value=most,
        decimal_places=4 if in_minutes else 0,
        error_messages=messages,
    )
