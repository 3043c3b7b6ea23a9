"""Cover: somebody says yes, once, to answering another's due items until a time; ownership does not move.

While it runs, whoever covers sees and does what the owner could, in their own name (`tickets.permissions`),
and is told what the owner is told (`notices.outbox`). It ends by itself: every question whether it runs is
asked of the clock, never of a sweep.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from handoffs import errors, moves
from notices import outbox
from people import presence
from people.errors import NotYours
from people.models import Cover, Person, Team
from people.roles import OWNERS, Role
from people.transactions import verb

LONGEST = timedelta(days=60)
# Unanswered for so long, and not before it should begin, the managers of whoever is absent hear of it.
ANSWERED_WITHIN = timedelta(minutes=15)
BATCH = 200

End = Cover.End


@verb
def ask(
    *,
    by: Person,
    covering: Person,
    until: datetime,
    absent: Person | None = None,
    starts_at: datetime | None = None,
    at: datetime | None = None,
) -> Cover:
    """Ask `covering` to answer the due items of `absent`, by default the caller's own, until a time.

    starts_at: now, unless it is said. For somebody who is not there a manager of a team of theirs does it;
    from then on they count as away until that time. Raises NotYours, CannotCover, CoverIsOpen.
    """
    now = at or timezone.now()
    subject = absent or by
    begin = starts_at or now
    if subject.pk != by.pk and not _answers_for(by, subject):
        raise NotYours
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=[subject.pk, covering.pk]).order_by("pk")
    locked = {person.pk: person for person in people}
    _check(locked[subject.pk], locked[covering.pk], starts_at=begin, until=until, at=now)
    if Cover.objects.open().filter(absent=subject).exists():
        raise errors.CoverIsOpen
    cover = Cover.objects.create(
        absent=locked[subject.pk],
        covering=locked[covering.pk],
        asked_by=by,
        asked_at=now,
        starts_at=begin,
        until=until,
        check_at=min(max(begin, now + ANSWERED_WITHIN), until),
    )
    if subject.pk != by.pk and begin <= now and subject.is_present(now):
        presence.set_presence(person=subject, presence=Person.Presence.AWAY, away_until=until, at=now)
        moves.tell_of_absence(subject)
    _tell(cover, "cover_asked", cover.covering)
    return cover


def _check(subject: Person, covering: Person, *, starts_at: datetime, until: datetime, at: datetime) -> None:
    if subject.role not in OWNERS or not subject.is_active:
        raise errors.CannotCover(absent="Only an active rep or manager has anything to cover.")
    if covering.pk == subject.pk or covering.role not in OWNERS or not covering.is_active:
        raise errors.CannotCover(covering="Name another active rep or manager.")
    if starts_at <= at and not covering.is_present(at):
        raise errors.CannotCover(covering=f"{covering.name} is away. Choose somebody who is here.")
    if starts_at < at - timedelta(minutes=1):
        raise errors.CannotCover(starts_at="A cover begins now or later.")
    if not starts_at < until <= at + LONGEST:
        raise errors.CannotCover(until="Until when? Later than it starts, within 60 days.")


def _answers_for(person: Person, subject: Person) -> bool:
    return person.role == Role.ADMIN or (person.role in OWNERS and bool(person.led_team_ids & subject.team_ids))


def _enter(cover: int, by: Person) -> Cover:
    found = Cover.objects.select_for_update(of=("self",)).select_related("absent", "covering", "asked_by")
    locked = found.filter(pk=cover).first()
    if locked is None or not Cover.objects.visible_to(by).filter(pk=cover).exists():
        raise errors.UnknownCover
    return locked


@verb
def accept(*, cover: int, by: Person, at: datetime | None = None) -> Cover:
    """Say yes. Raises UnknownCover, NotForYou, CoverHasEnded; the second time changes nothing."""
    found = _enter(cover, by)
    now = at or timezone.now()
    if by.pk != found.covering_id:
        raise errors.NotForYou
    if found.ended_at is not None or found.until <= now:
        raise errors.CoverHasEnded
    if found.accepted_at is None:
        found.accepted_at, found.check_at = now, found.until
        found.save(update_fields=["accepted_at", "check_at"])
        _tell(found, "cover_accepted", found.absent, found.asked_by)
    return found


@verb
def end(*, cover: int, by: Person, at: datetime | None = None) -> Cover:
    """End a cover before its time, or decline it; either of the two does, or a manager of whoever is absent.

    Raises UnknownCover, NotForYou, CoverHasEnded.
    """
    found = _enter(cover, by)
    now = at or timezone.now()
    if by.pk not in (found.absent_id, found.covering_id, found.asked_by_id) and not _answers_for(by, found.absent):
        raise errors.NotForYou
    if found.ended_at is not None:
        raise errors.CoverHasEnded
    declined = found.accepted_at is None and by.pk == found.covering_id
    _end(found, End.DECLINED if declined else End.ENDED, at=now, by=by)
    return found


def come_back(person: Person, *, at: datetime) -> None:
    """End the cover that runs for somebody who is there again."""
    for cover in Cover.objects.running(at).select_related("absent", "covering", "asked_by").filter(absent=person):
        _end(cover, End.BACK, at=at, by=person)


def leave(person: Person, *, by: Person, at: datetime) -> None:
    """End what somebody who leaves for good covers, and who covers them."""
    theirs = Cover.objects.open().filter(Q(absent=person) | Q(covering=person))
    for cover in theirs.select_related("absent", "covering", "asked_by").order_by("pk"):
        _end(cover, End.LEFT, at=at, by=by)


def _end(cover: Cover, how: Cover.End, *, at: datetime, by: Person | None) -> None:
    cover.ended_at, cover.how, cover.check_at = at, how, None
    cover.save(update_fields=["ended_at", "how", "check_at"])
    told = (cover.absent, cover.covering, cover.asked_by)
    _tell(cover, "cover_ended", *(person for person in told if person != by), how=how)


def _tell(cover: Cover, kind: str, *people: Person, **payload: object) -> None:
    facts = {"absent": cover.absent.username, "covering": cover.covering.username, "until": cover.until.isoformat()}
    outbox.queue(kind, to=people, about=f"cover {cover.pk}", cover=cover.pk, **facts, **payload)


@verb
def judge(*, cover: int, at: datetime) -> bool:
    """End a cover whose time is over, or call the managers to one that nobody accepted; say whether it was due."""
    free = Cover.objects.open().select_for_update(of=("self",), skip_locked=True)
    found = free.select_related("absent", "covering", "asked_by").filter(pk=cover).first()
    # Asked here and not there: PostgreSQL would look for the one among all that are due.
    if found is None or found.check_at is None or found.check_at > at:
        return False
    if found.until <= at:
        _end(found, End.UNANSWERED if found.accepted_at is None else End.OVER, at=at, by=None)
        return True
    managers = Person.objects.filter(managed_teams__in=Team.objects.filter(members=found.absent)).distinct()
    _tell(found, "cover_unanswered", found.absent, found.asked_by, *managers)
    found.check_at = found.until
    found.save(update_fields=["check_at"])
    return True


def sweep(*, at: datetime | None = None, limit: int = BATCH) -> int:
    """Judge the covers that are due, at most `limit`; return how many there were."""
    now = at or timezone.now()
    due = Cover.objects.open().filter(check_at__lte=now).order_by("check_at").values_list("pk", flat=True)
    return sum(judge(cover=number, at=now) for number in list(due[:limit]))
