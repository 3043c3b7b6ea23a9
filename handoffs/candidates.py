"""Who could take a ticket: people who are there, with the skill first, the least loaded first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, FilteredRelation, Q

from people.models import Person
from tickets.models import Ticket


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a ticket; `load` counts their live tickets."""

    person: Person
    teams: list[str]
    load: int
    has_skill: bool
    speaks_language: bool


def candidates(ticket: Ticket, *, at: datetime, skill: str = "") -> list[Candidate]:
    """Return who could take `ticket` at `at`: with the skill it needs (or `skill`) and the customer's language.

    Everybody named is present and may own it; those who fit best stand first.
    """
    needed, language = skill or ticket.skill, ticket.customer.language
    people = (
        Person.objects.present(at)
        .exclude(pk=ticket.owner_id)
        # Joined with what is live, not counted among all that they ever owned.
        .annotate(carried=FilteredRelation("tickets", condition=Q(tickets__live=True)), load=Count("carried"))
        .prefetch_related("teams")
    )
    found = [
        Candidate(
            person=person,
            teams=sorted(team.slug for team in person.teams.all()),
            load=person.load,
            has_skill=not needed or needed in person.skills,
            speaks_language=not language or language in person.languages,
        )
        for person in people
    ]
    return sorted(found, key=lambda one: (not one.has_skill, not one.speaks_language, one.load, one.person.username))
