"""What people choose to be told, within what their role must get."""

from dataclasses import dataclass

from notices import table
from notices.errors import MustBeTold
from notices.models import Preference
from notices.table import Channel
from people.models import Person
from people.transactions import verb


@dataclass(frozen=True)
class Choice:
    """One kind of notice, for one person: whether they get it, and whether that is theirs to choose."""

    kind: str
    channel: str
    wanted: bool
    must: bool


def choices(person: Person) -> list[Choice]:
    """Return what a person gets, kind by kind."""
    chosen = dict(Preference.objects.filter(person=person, channel=Channel.MAIL).values_list("kind", "wanted"))
    return [
        Choice(kind, Channel.MAIL, rule.wanted(person.role, chosen.get(kind)), person.role in rule.must)
        for kind, rule in table.RULES.items()
    ]


@verb
def choose(*, person: Person, choices: list[dict[str, object]]) -> None:
    """Remember what a person wants: for each kind and channel whether it is `wanted`; others stay.

    Raises MustBeTold for what their role must get, and nothing is changed.
    """
    unavoidable = [
        str(choice["kind"])
        for choice in choices
        if not choice["wanted"] and person.role in table.rule(str(choice["kind"])).must
    ]
    if unavoidable:
        raise MustBeTold(choices=f"Your role must get: {', '.join(sorted(unavoidable))}.")
    # The last word on a kind counts; in order, so that two requests at once do not wait in a circle.
    latest = {(choice["kind"], choice["channel"]): choice for choice in choices}
    Preference.objects.bulk_create(
        [Preference(person=person, **latest[key]) for key in sorted(latest, key=str)],
        update_conflicts=True,
        unique_fields=["person", "kind", "channel"],
        update_fields=["wanted"],
    )


def wants_mail(person: Person, kind: str) -> bool:
    """Say whether a person is told of that kind by mail."""
    chosen = Preference.objects.filter(person=person, kind=kind, channel=Channel.MAIL).values_list("wanted", flat=True)
    return table.rule(kind).wanted(person.role, chosen.first())
