"""Being there: present or away, and on which extension."""

import pytest
from django.utils import timezone

from people import presence
from people.errors import ExtensionTaken, Incomplete
from people.models import Person
from tests.cast import Cast, in_hours


def is_there(person: Person, *, hours: float = 0) -> bool:
    """Say whether somebody is there so many hours from now, asked both of the person and of the database."""
    at = in_hours(hours)
    found = Person.objects.get(pk=person.pk)
    assert found.is_present(at) == Person.objects.present(at).filter(pk=person.pk).exists()
    return found.is_present(at)


def test_everybody_is_there_until_they_say_otherwise(cast: Cast) -> None:
    assert is_there(cast.bob)
    presence.set_presence(person=cast.bob, presence="away")
    assert not is_there(cast.bob)
    assert not is_there(cast.bob, hours=9_999)
    presence.set_presence(person=cast.bob, presence="present")
    assert is_there(cast.bob)


def test_away_until_a_time_one_is_back_by_oneself(cast: Cast) -> None:
    back = in_hours(2)
    away = presence.set_presence(person=cast.bob, presence="away", away_until=back)
    assert (away.presence, away.away_until) == ("away", back)
    assert not is_there(cast.bob, hours=1.9)
    assert is_there(cast.bob, hours=2.1)


def test_coming_back_early_forgets_the_time(cast: Cast) -> None:
    presence.set_presence(person=cast.bob, presence="away", away_until=in_hours(2))
    assert presence.set_presence(person=cast.bob, presence="present").away_until is None


@pytest.mark.parametrize(("state", "hours"), [("present", 2), ("away", -1), ("away", 0)])
def test_only_who_is_away_is_back_and_only_later(cast: Cast, state: str, hours: float) -> None:
    with pytest.raises(Incomplete) as refused:
        presence.set_presence(person=cast.bob, presence=state, away_until=in_hours(hours))
    assert list(refused.value.fields) == ["away_until"]


def test_whoever_left_is_not_there(cast: Cast) -> None:
    Person.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert not is_there(cast.bob)


def test_only_who_can_own_a_ticket_is_present_for_one(cast: Cast) -> None:
    there = Person.objects.present(timezone.now()).values_list("username", flat=True)
    assert set(there) == {"petra", "maya", "dora", "alice", "bob", "carol", "lars", "luis", "lena"}


def test_an_extension_is_one_persons(cast: Cast) -> None:
    presence.take_extension(person=cast.bob, extension="200")
    with pytest.raises(ExtensionTaken):
        presence.take_extension(person=cast.carol, extension="200")
    presence.take_extension(person=cast.bob, extension="")
    assert presence.take_extension(person=cast.carol, extension="200").extension == "200"


def test_any_number_of_people_may_have_none(cast: Cast) -> None:
    for person in (cast.bob, cast.carol):
        assert presence.take_extension(person=person, extension="").extension is None
