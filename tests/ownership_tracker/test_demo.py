"""The demonstration: believable, repeatable, made only by verbs, and never over real data."""

import io
import random
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Min
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from handoffs.models import Handoff, HelpRequest, ManagerRequest
from handoffs.protocol import Kind, Reason, State, normalise
from notices.models import Notice
from ownership_tracker import local
from ownership_tracker.demo.script import Script
from people import working_time
from people.models import Person, Team
from people.roles import Role
from tests.cast import Cast, utc
from tests.invariants import broken_invariants
from tickets.kinds import BeganBy, EntryKind, FlagKind, FlagState, HoldEnd, Level, PromiseState
from tickets.models import Customer, Entry, Flag, Hold, Promise, Tenure, Text, Ticket
from tickets.states import Channel, Outcome, Status

# A Wednesday afternoon; in the three weeks before lies a Monday that is a holiday on both sides.
NOW = utc(2025, 6, 11, 14, 30)
# A Sunday night, two hours after the clocks went forward in Leeds.
SUNDAY = utc(2025, 3, 30, 3, 0)


@dataclass(frozen=True)
class Demo:
    """What the command printed, and how long the processor was busy with it."""

    printed: str
    seconds: float

    def story(self) -> Ticket:
        found = re.search(r"story .* is T-(\d+)", self.printed)
        assert found
        return Ticket.objects.get(pk=found[1])


def run(**options: Any) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any) -> Iterator[Demo]:
    """The demonstration, played once for all tests that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        begin = time.process_time()
        printed = run(now=NOW)
        yield Demo(printed, time.process_time() - begin)
        transaction.set_rollback(True)


# Made as it should be


def test_nothing_that_must_be_true_is_broken(written: Demo) -> None:
    assert broken_invariants() == []


def test_it_is_written_in_less_than_twenty_seconds_of_one_core(written: Demo) -> None:
    assert written.seconds < 20


def test_it_happens_in_the_order_of_time_within_three_weeks(written: Demo) -> None:
    times = list(Entry.objects.order_by("pk").values_list("at", flat=True))
    assert times == sorted(times)
    assert NOW - timedelta(weeks=3) <= times[0]
    assert times[-1] <= NOW


def test_people_do_things_while_they_work(written: Demo) -> None:
    """A call that has begun may end a quarter of an hour after closing time."""
    calendars = {
        person.pk: team.calendar for team in Team.objects.all() for person in team.members.select_related(None)
    }
    for entry in Entry.objects.filter(by__in=calendars).select_related("by"):
        around = working_time.between(
            calendars[entry.by_id], entry.at - timedelta(minutes=15), entry.at + timedelta(minutes=1)
        )
        assert around, f"{entry.by} {entry.kind} at {entry.at}"


def test_every_verb_that_leaves_an_entry_has_left_one(written: Demo) -> None:
    made = set(Entry.objects.values_list("kind", flat=True))
    # No verb leaves these: an import does, the sweeps, which have not run yet, and telephone systems.
    assert {kind for kind in set(EntryKind) - made if not kind.startswith("call_")} == {
        EntryKind.IMPORTED,
        EntryKind.FLAG_CLEARED,
        EntryKind.FLAG_CLIMBED,
    }


# Everything occurs


@pytest.mark.parametrize(
    ("rows", "field", "kinds"),
    [
        (Ticket.objects.all(), "status", set(Status)),
        (Ticket.objects.exclude(outcome=""), "outcome", set(Outcome)),
        (Ticket.objects.all(), "channel", {Channel.PHONE, Channel.EMAIL, Channel.WEB, Channel.CHAT}),
        (Tenure.objects.all(), "began_by", set(BeganBy) - {BeganBy.IMPORTED}),
        (Handoff.objects.filter(kind=Kind.OFFER), "state", set(State) - {State.CLAIMED}),
        (
            Handoff.objects.filter(kind=Kind.CLAIM),
            "state",
            {State.CLAIMED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN},
        ),
        (Handoff.objects.filter(state=State.ACCEPTED, kind=Kind.OFFER), "reason", set(Reason)),
        (Handoff.objects.filter(state=State.WITHDRAWN), "cause", {"", "owner_left", "receiver_left", "taken_over"}),
        (HelpRequest.objects.all(), "state", {"open", "answered", "withdrawn"}),
        (Hold.objects.exclude(ended_at=None), "how", set(HoldEnd)),
        (Promise.objects.all(), "state", set(PromiseState)),
        (Flag.objects.all(), "status", set(FlagState) - {FlagState.CLEARED}),
        (
            Flag.objects.all(),
            "kind",
            {
                FlagKind.BOUNCED,
                FlagKind.PING_PONG,
                FlagKind.HOT_POTATO,
                FlagKind.REFUSED,
                FlagKind.REPEAT_CONTACT,
                FlagKind.ABANDONED_ON_HOLD,
                FlagKind.DROPPED_BY_US,
            },
        ),
        (Flag.objects.filter(kind=FlagKind.BOUNCED), "level", set(Level)),
        (Flag.objects.filter(kind=FlagKind.REFUSED), "level", set(Level)),
    ],
)
def test_every_kind_occurs(written: Demo, rows: Any, field: str, kinds: set[str]) -> None:
    assert set(rows.values_list(field, flat=True)) == kinds


def test_most_tickets_have_one_owner_throughout(written: Demo) -> None:
    assert Ticket.objects.filter(owner_count=1).count() > 0.6 * Ticket.objects.count()


def test_few_tickets_have_a_flag(written: Demo) -> None:
    flagged = Ticket.objects.filter(flags__isnull=False).distinct().count()
    assert 0 < flagged < 0.2 * Ticket.objects.count()


def test_it_is_about_thirty_people_and_a_hundred_customers(written: Demo) -> None:
    assert 30 <= Person.objects.count() <= 40
    assert 100 <= Customer.objects.count() <= 200
    assert 100 <= Ticket.objects.count() <= 250
    assert set(Team.objects.values_list("time_zone", flat=True)) == {"Europe/London", "America/New_York"}


# At this moment


def test_something_waits_for_somebody_right_now(written: Demo) -> None:
    live = Ticket.objects.live()
    waiting = Handoff.objects.in_progress().filter(due_at__gt=NOW)
    assert live.filter(status=Status.NEW, acknowledge_by__gt=NOW).count() >= 2
    assert waiting.filter(state=State.OFFERED).count() >= 2
    assert waiting.filter(state=State.CLAIMED).count() >= 1
    assert waiting.filter(state=State.REQUESTED).count() >= 1
    assert live.filter(next_due_at__gt=NOW, next_due_at__lt=NOW + timedelta(hours=1)).count() >= 3
    assert live.filter(next_due_at__lt=NOW, next_due_kind="promise").count() >= 3
    assert Hold.objects.filter(ended_at=None, return_by__lt=NOW).count() >= 1
    assert HelpRequest.objects.filter(state="open").count() >= 1
    assert Flag.objects.filter(status=FlagState.RAISED).count() >= 3


def test_no_offer_waits_longer_than_it_may(written: Demo) -> None:
    assert not Handoff.objects.in_progress().filter(due_at__lt=NOW).exists()


def test_nobody_gets_a_letter_about_it(written: Demo) -> None:
    assert Notice.objects.exists()
    assert not Notice.objects.filter(state=Notice.State.QUEUED).exists()


def test_somebody_is_away_and_everybody_else_is_there(written: Demo) -> None:
    away = Person.objects.filter(presence="away")
    assert {person.username for person in away if not person.is_present(NOW)} == {"felix"}


# What people say


def longest_run(one: str, other: str) -> int:
    """How many words in a row two texts have in common."""
    words, there = normalise(one).split(), f" {normalise(other)} "
    longest = 0
    for begin in range(len(words)):
        while f" {' '.join(words[begin : begin + longest + 1])} " in there and begin + longest < len(words):
            longest += 1
    return longest


def test_two_texts_that_share_three_words_in_a_row_are_found_out() -> None:
    assert longest_run("I ring before noon today, twice.", "Say: ring before NOON tomorrow") == 3


def test_nobody_copies_the_packet_into_the_read_back(written: Demo) -> None:
    for handoff in Handoff.objects.filter(state=State.ACCEPTED, kind=Kind.OFFER).select_related(
        "packet", "completion", "read_back"
    ):
        if handoff.read_back is None or handoff.read_back.content is None:
            continue  # the customer was forgotten
        for said in handoff.said().values():
            read_back = handoff.read_back.content["read_back"]
            assert longest_run(read_back, said) < 5, f"{handoff.ticket}: {read_back} / {said}"


def test_the_parts_of_a_packet_differ(written: Demo) -> None:
    for handoff in Handoff.objects.filter(kind=Kind.OFFER).select_related("packet", "completion"):
        said = [normalise(text) for text in handoff.said().values()]
        assert len(set(said)) == len(said)


def test_no_text_has_a_gap_that_was_not_filled_in(written: Demo) -> None:
    said = [part for text in Text.objects.exclude(content=None) for part in text.content.values()]
    said += Ticket.objects.values_list("subject", flat=True)
    assert not [part for part in said if "{" in part or "}" in part or part != part.strip()]


def test_customers_are_plainly_made_up(written: Demo) -> None:
    for customer in Customer.objects.filter(erased_at=None).prefetch_related("contact_points"):
        assert customer.name.startswith("Customer ")
        for point in customer.contact_points.all():
            assert re.match(r"\+1617555(01|02)|\+441134960|\+447700900|\w+@example\.com", point.value), point.value


# The story


def test_the_story_is_told_on_one_ticket(written: Demo) -> None:
    ticket = written.story()
    chases = ticket.entries.filter(kind=EntryKind.CONTACT, data__chase=True)
    ended = ticket.holds.exclude(ended_at=None).values_list("how", flat=True)
    assert (ticket.owner_count, ticket.live) == (3, True)
    assert chases.count() == 2
    assert list(ended) == ["transferred", "transferred", "caller_hung_up", "dropped_by_us"]


def test_the_storys_flag_is_amber_in_the_first_call_and_red_in_the_second(written: Demo) -> None:
    ticket = written.story()
    flag = ticket.flags.get(kind=FlagKind.BOUNCED)
    second = ticket.entries.filter(data__chase=True).order_by("at")[0]
    assert flag.raised_at - ticket.opened_at < timedelta(minutes=30)
    assert flag.rose_at == second.at
    assert (flag.level, flag.status) == (Level.RED, FlagState.RAISED)
    kinds = ticket.entries.filter(data__flag=flag.pk).order_by("pk").values_list("kind", "data__level")
    assert list(kinds) == [(EntryKind.FLAG_RAISED, Level.AMBER), (EntryKind.FLAG_ROSE, Level.RED)]


# Signing in


@pytest.mark.parametrize(("role", "sees"), [(Role.REP, "some"), (Role.MANAGER, "some"), (Role.AUDITOR, "all")])
def test_the_printed_tokens_let_one_in(written: Demo, role: Role, sees: str) -> None:
    found = re.search(rf"^  {role} +(\w+) +(\w+)$", written.printed, re.MULTILINE)
    assert found
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {found[2]}")
    me = client.get("/api/v1/me/").json()
    assert (me["username"], me["role"]) == (found[1], role)
    assert client.get(f"/api/v1/tickets/{written.story().reference}/").status_code == 200
    assert client.get("/api/v1/tickets/?q=T-100001").status_code == 200
    visible = Ticket.objects.visible_to(Person.objects.get(username=found[1])).count()
    assert (visible == Ticket.objects.count()) == (sees == "all")


def test_the_printed_line_asks_for_the_reps_own_tickets(written: Demo) -> None:
    found = re.search(r'curl -H "Authorization: (Bearer \w+)" "http://127.0.0.1:8000(/\S+)"', written.printed)
    assert found
    answer = APIClient().get(found[2], HTTP_AUTHORIZATION=found[1])
    assert answer.status_code == 200
    assert answer.json()["results"]


def test_the_printed_people_come_in_with_the_printed_password_and_nobody_else_does(written: Demo) -> None:
    found = re.search(
        r"Sign in at http://127.0.0.1:8000/ as (.+) or (\w+), with the password\n\n  (\S+)\n", written.printed
    )
    assert found
    names = {*found[1].split(", "), found[2]}
    assert {person.username for person in Person.objects.all() if person.has_usable_password()} == names
    for username in names:
        client = Client()
        client.post("/accounts/login/", {"login": username, "password": found[3]})
        assert client.get("/account/").status_code == 200
    assert set(Person.objects.filter(username__in=names).values_list("role", flat=True)) == {
        *(Role.REP, Role.MANAGER, Role.AUDITOR, Role.ADMIN)
    }


def test_each_demonstration_has_a_password_of_its_own() -> None:
    made = {local.sayable() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-z]{4}-){2}[a-z]{4}", password) for password in made)


# Again, and not


def facts() -> list[Any]:
    """Everything that was written, in order, without what differs from one database to the next."""
    first = {
        name: model.objects.aggregate(first=Min("pk"))["first"] or 0
        for name, model in (
            *(("handoff", Handoff), ("promise", Promise), ("hold", Hold), ("flag", Flag)),
            *(("help_request", HelpRequest), ("manager_request", ManagerRequest), ("ticket", Ticket)),
        )
    }

    def plain(data: dict[str, Any]) -> dict[str, Any]:
        counted = {name: value - first[name] if name in first else value for name, value in data.items()}
        return {
            name: int(value[2:]) - first["ticket"] if str(value).startswith("T-") else value
            for name, value in counted.items()
        }

    entries = Entry.objects.order_by("pk").select_related("by", "text")
    return [
        *(
            (
                entry.ticket_id - first["ticket"],
                entry.kind,
                entry.at,
                entry.by and entry.by.username,
                plain(entry.data),
                entry.text and entry.text.content,
            )
            for entry in entries
        ),
        *Handoff.objects.order_by("pk").values_list("state", "due_at", "packet__content", "receiver__username"),
        *Ticket.objects.order_by("pk").values_list("subject", "customer__name", "owner__username", "next_due_at"),
        *((flag.kind, flag.level, flag.status, plain(flag.evidence)) for flag in Flag.objects.order_by("pk")),
        *Person.objects.order_by("pk").values_list("username", "presence", "away_until", "is_active"),
    ]


def facts_of(**options: Any) -> list[Any]:
    with transaction.atomic():
        run(**options)
        assert broken_invariants() == []
        written = facts()
        transaction.set_rollback(True)
    return written


@pytest.mark.django_db
def test_the_same_seed_and_moment_write_the_same_again() -> None:
    once, again = (facts_of(seed=7, now=SUNDAY) for _ in range(2))
    assert once == again


def test_another_seed_deals_other_tickets() -> None:
    decks = [Script(random.Random(seed)) for seed in (1, 2)]
    first, second = ([deck.next("billing").category for _ in range(8)] for deck in decks)
    assert first != second
    assert sorted(first) == sorted(second)


def test_it_is_refused_when_there_is_somebody(cast: Cast) -> None:
    with pytest.raises(CommandError, match="This database holds real data"):
        run()
    assert not Person.objects.filter(username="rosa").exists()


@pytest.mark.django_db
def test_it_is_refused_when_there_is_a_customer() -> None:
    Customer.objects.create(name="Customer One")
    with pytest.raises(CommandError, match="This database holds real data"):
        run()


@pytest.mark.django_db
def test_it_is_refused_about_the_future() -> None:
    with pytest.raises(CommandError, match="cannot lie in the future"):
        run(now=timezone.now() + timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_whoever_interrupts_it_finds_the_database_as_it_was() -> None:
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 1.5)
    try:
        with pytest.raises(KeyboardInterrupt):
            run()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not Person.objects.exists()
    assert not Customer.objects.exists()
