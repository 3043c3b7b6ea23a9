"""The thresholds of a team: in words, with their units, tried on last week, on the record."""

import re
from datetime import timedelta
from typing import Any

from time_machine import TimeMachineFixture

from people.models import Team
from tests.cast import Cast
from tests.web.board.conftest import words
from tests.web.screens import read, signed_in
from tests.week.stage import SWEEPS
from tickets import thresholds, tuning
from tickets.models import ThresholdChange
from web.board.threshold_form import GROUPS, WORDS, ThresholdsForm, measured, shown

PATH = "/board/thresholds/billing/"
PREVIEW = f"{PATH}preview/"


def numbers(**changed: Any) -> dict[str, Any]:
    """Return the whole form as it stands with the defaults, but for what is changed."""
    return {name: shown(name, getattr(thresholds.DEFAULTS, name)) for name in thresholds.NAMES} | changed


def own() -> dict[str, int]:
    return Team.objects.get(slug="billing").thresholds


def test_every_threshold_stands_there_once_in_words() -> None:
    listed = [name for _group, listed in GROUPS for name, _words, _unit in listed]

    assert sorted(listed) == sorted(thresholds.NAMES)
    assert len({(str(group), str(said)) for group, said, _unit in WORDS.values()}) == len(listed)


def test_units_are_those_in_which_people_think() -> None:
    assert measured("acknowledge_phone_seconds", 3600) == "60 working minutes"
    assert measured("promise_red_seconds", 90) == "1.5 minutes"
    assert measured("call_hold_amber_seconds", 120) == "120 seconds"
    assert measured("load_limit_tickets", 100) == "100 open tickets each"


def test_sending_the_form_as_it_stands_changes_nothing(cast: Cast) -> None:
    odd = {"promise_red_seconds": 100, "acknowledge_phone_seconds": 61, "load_limit_tickets": 7}
    tuning.change(team=cast.billing.pk, by=cast.maya, thresholds_now=odd)
    team = Team.objects.get(slug="billing")
    form = ThresholdsForm(ThresholdsForm(team=team).initial, team=team)

    assert form.is_valid(), form.errors
    assert form.numbers() == vars(thresholds.of(odd))


def test_a_manager_sets_them_and_it_is_on_the_record(cast: Cast) -> None:
    client = signed_in(cast.maya)

    answer = client.post(PATH, numbers(acknowledge_phone_seconds="7.5", bounced_amber_owners="2"), follow=True)

    page = words(answer.content.decode())
    assert "They hold from now on." in page
    assert own() == {"acknowledge_phone_seconds": 450, "bounced_amber_owners": 2}
    assert "Maya · now Not acknowledged: came by phone: red after, amber at half: 60 working minutes →" in page
    assert "7.5 working minutes" in page
    assert "Bounced: amber from: 3 owners → 2 owners" in page
    assert "working minutes; default 60" in page


def test_going_back_to_a_default_follows_it_again(cast: Cast) -> None:
    tuning.change(team=cast.billing.pk, by=cast.maya, thresholds_now={"bounced_amber_owners": 2})

    signed_in(cast.maya).post(PATH, numbers())

    assert own() == {}
    assert ThresholdChange.objects.count() == 2


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_saved(cast: Cast) -> None:
    client = signed_in(cast.maya)
    wrong = numbers(
        bounced_amber_owners="5", call_hold_amber_seconds="0", silent_red_days="1.5", load_limit_tickets="",
        promise_red_seconds="99999999", climb_seconds="NaN", hot_potato_red_owners="1e3000",
    )  # fmt: skip

    answer = client.post(PATH, wrong)

    fields = dict(
        re.findall(r'id="id_(\w+)_error">(?:<svg.*?</svg>)?\s*(.*?)</p>', answer.content.decode(), re.DOTALL)
    )
    assert answer.status_code == 422
    assert fields.keys() == wrong.keys() - numbers().keys() | {
        "call_hold_amber_seconds", "silent_red_days", "load_limit_tickets", "promise_red_seconds", "climb_seconds",
        "hot_potato_red_owners",
    }  # fmt: skip
    assert "Whole numbers only." in fields["silent_red_days"]
    assert "At most 43200." in fields["promise_red_seconds"]
    assert own() == {}


def test_what_the_verb_refuses_is_said_in_words(cast: Cast) -> None:
    answer = signed_in(cast.maya).post(PATH, numbers(bounced_amber_owners="5"))

    page = words(answer.content.decode())
    assert answer.status_code == 422
    assert (
        "“Bounced: amber from” cannot lie beyond “Bounced: red from, when the customer asked within seven days”."
        in page
    )
    assert "bounced_amber_owners cannot" not in page


def test_who_only_reads_sets_nothing(cast: Cast) -> None:
    page = read(signed_in(cast.ada), PATH)

    assert "60" in page
    assert "<input" not in page[
        page.index('id="thresholds"') : page.index("</form>", page.index('id="thresholds"'))
    ].replace('<input type="hidden"', "")
    for path in (PATH, PREVIEW):
        assert signed_in(cast.ada).post(path, numbers(bounced_amber_owners="2")).status_code == 403
        assert signed_in(cast.adam).post(path, numbers(bounced_amber_owners="2")).status_code == 403
        assert signed_in(cast.lars).post(path, numbers()).status_code == 404
        assert signed_in(cast.alice).post(path, numbers()).status_code == 403
    assert own() == {}


def test_the_preview_says_what_last_week_would_have_given_and_on_which_tickets(
    monday: TimeMachineFixture, cast: Cast
) -> None:
    ticket = cast.open_ticket()
    cast.hand(ticket, cast.bob)
    for _ in range(3):
        monday.shift(timedelta(minutes=20))
        for sweep in SWEEPS:
            sweep()

    answer = signed_in(cast.maya).post(PREVIEW, numbers(bounced_amber_owners="2"), headers={"HX-Request": "true"})

    said = words(answer.content.decode())
    assert "Last week this would have given 2 flags instead of 1." in said
    assert f"Amber: Bounced 0 → 1 raised 0 Would be flagged: {ticket.reference}" in said
    assert own() == {}
    assert "<html" not in answer.content.decode()


def test_the_preview_says_when_nothing_would_change(monday: TimeMachineFixture, cast: Cast) -> None:
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    monday.shift(timedelta(minutes=1))

    said = words(signed_in(cast.maya).post(PREVIEW, numbers()).content.decode())

    assert "Last week gives 2 flags, as the numbers that hold now." in said
    assert f"Amber: Bounced 1 raised 1 As now: {ticket.reference}" in said


def test_the_preview_says_what_cannot_be(cast: Cast) -> None:
    said = words(signed_in(cast.maya).post(PREVIEW, numbers(bounced_amber_owners="9")).content.decode())

    assert "These numbers cannot be: amber from: “Bounced: amber from” cannot lie beyond" in said


def test_without_a_script_the_button_shows_it_too(cast: Cast) -> None:
    answer = signed_in(cast.maya).post(PATH, numbers(bounced_amber_owners="2", preview="1"))

    page = words(answer.content.decode())
    assert answer.status_code == 200
    assert "Last week gives 0 flags, as the numbers that hold now." in page
    assert own() == {}
