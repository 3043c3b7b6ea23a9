"""The layout of a chain's picture, as the pure function that it is."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.web.chain.made_up import AT_ONCE, BEGIN, EVERY, SILENCE, THREE_MONTHS, TWENTY, TWO, minutes, passed_around
from web.pictures.packing import Box
from web.pictures.shapes import Picture
from web.pictures.story import Hold, Mark, Offer, Owner, Promise, Story, Tenure
from web.pictures.swimlane import GUTTER, layout

UTC = ZoneInfo("UTC")
every_story = pytest.mark.parametrize("story", EVERY.values(), ids=EVERY)


def boxes(picture: Picture) -> Iterator[Box]:
    """Yield everything that may not cover anything else."""
    yield from (bar.box for bar in picture.bars)
    yield from (promise.box for promise in picture.promises)
    yield from (stub.box for stub in picture.stubs)
    yield from (glyph.box for glyph in picture.glyphs)
    yield from words(picture)


def words(picture: Picture) -> Iterator[Box]:
    """Yield where something is written."""
    for shape in (*picture.arrows, *picture.stubs, *picture.glyphs):
        if shape.words:
            yield shape.words.box


def drawn(story: Story) -> Picture:
    """Return the picture of a story."""
    return layout(story, zone=UTC)


@every_story
def test_nothing_covers_anything_else(story: Story) -> None:
    for one, other in combinations(boxes(drawn(story)), 2):
        assert not one.covers(other), (one, other)


@every_story
def test_no_arrow_runs_through_a_mark_or_through_words(story: Story) -> None:
    picture = drawn(story)
    standing = [
        *(promise.box for promise in picture.promises),
        *(stub.box for stub in picture.stubs),
        *(glyph.box for glyph in picture.glyphs),
        *words(picture),
    ]
    for arrow in picture.arrows:
        _, x, out, _, elbow, _, tip = arrow.path.split()
        low, high = sorted((float(out), float(tip)))
        shaft = Box(float(x) + float(elbow) - 1, low, 2, high - low)
        assert not any(shaft.covers(box) for box in standing), arrow


@every_story
def test_everything_stands_inside_the_picture_and_beside_the_names(story: Story) -> None:
    picture = drawn(story)
    for box in boxes(picture):
        assert box.x >= GUTTER, box
        assert box.right <= picture.width, box
        assert picture.axis_height <= box.y, box
        assert box.bottom <= picture.height, box


@every_story
def test_every_tenure_hold_promise_and_handoff_is_drawn(story: Story) -> None:
    picture = drawn(story)
    numbers = [tenure.number for tenure in story.tenures]
    assert [bar.move for bar in picture.bars] == numbers
    assert [arrow.move for arrow in picture.arrows] == numbers[1:]
    assert [hold.move for hold in picture.holds] == [hold.move for hold in story.holds]
    assert sorted(each.move for each in picture.promises) == sorted(each.move for each in story.promises)
    assert sorted(stub.move for stub in picture.stubs) == sorted(offer.move for offer in story.offers)
    assert sum(glyph.count for glyph in picture.glyphs) == len(story.marks)


@every_story
def test_every_bar_is_wide_enough_for_its_number_and_in_its_owners_lane(story: Story) -> None:
    picture = drawn(story)
    lanes = {lane.full_name: lane.box for lane in picture.lanes}
    for bar, tenure in zip(picture.bars, story.tenures, strict=True):
        assert bar.box.width >= 24
        assert bar.box.x < bar.words_x < bar.box.right
        lane = lanes[tenure.owner]
        assert lane.y <= bar.box.y
        assert bar.box.bottom <= lane.bottom


@every_story
def test_each_bar_begins_where_the_one_before_ends(story: Story) -> None:
    for before, after in pairwise(drawn(story).bars):
        assert after.box.x - before.box.right == pytest.approx(1, abs=0.15)


@every_story
def test_holds_lie_within_the_width_of_the_time_that_is_drawn(story: Story) -> None:
    picture = drawn(story)
    for hold in picture.holds:
        bar = picture.bars[hold.move - 1].box
        assert hold.box.width >= 5
        assert bar.x - 1 <= hold.box.x
        assert bar.y <= hold.box.y
        assert hold.box.bottom <= bar.bottom
        if hold.late:
            assert hold.box.x <= hold.late.x
            assert hold.late.right == pytest.approx(hold.box.right)


@every_story
def test_arrows_go_out_of_the_givers_bar_and_into_the_receivers(story: Story) -> None:
    picture = drawn(story)
    for arrow, (giver, receiver) in zip(picture.arrows, pairwise(picture.bars), strict=True):
        _, begin_x, begin_y, *_ = arrow.path.split()
        tip_x, tip_y = map(float, arrow.head.split()[0].split(","))
        assert float(begin_x) == pytest.approx(giver.box.right, abs=1)
        assert giver.box.y < float(begin_y) < giver.box.bottom
        assert receiver.box.x <= tip_x <= receiver.box.right
        assert receiver.box.y <= tip_y <= receiver.box.bottom


def test_the_words_of_the_axis_do_not_touch() -> None:
    for story in EVERY.values():
        ticks = drawn(story).ticks
        times = [tick.x for tick in ticks if tick.time]
        days = [tick.x for tick in ticks if tick.day]
        assert all(after - before >= 40 for before, after in pairwise(times))
        assert all(after - before >= 60 for before, after in pairwise(days))
        assert ticks[0].day == "Mon 1 Mar 2027"


def test_the_axis_is_in_the_readers_time_zone() -> None:
    assert layout(TWO, zone=ZoneInfo("Asia/Tokyo")).ticks[0].time == "18:00"


def test_two_owners_in_two_hours_are_drawn_to_scale() -> None:
    picture = drawn(TWO)
    assert picture.tears == ()
    one, two = (bar.box.width for bar in picture.bars)
    assert two / one == pytest.approx(65 / 55, rel=0.01)


def test_a_long_silence_is_cut_short_and_says_how_long_it_was() -> None:
    alone = passed_around(3, 7, 20)
    silent = Story(alone.owners, alone.tenures, alone.now + minutes(30 * 60), False, (), (), (), alone.marks)
    picture = drawn(silent)
    assert [tear.length for tear in picture.tears] == ["30 h"]
    first, second, _ = (bar.box.width for bar in picture.bars)
    # The ten minutes that matter can be read.
    assert second > first > 40


def test_the_minutes_that_matter_are_drawn_alike_however_long_ago_they_were() -> None:
    alone = passed_around(3, 7, 20)
    widths = set()
    for hours in (20, 200, 2_000):
        silent = Story(alone.owners, alone.tenures, alone.now + minutes(60 * hours), marks=alone.marks)
        widths.add(tuple(bar.box.width for bar in drawn(silent).bars))
    assert len(widths) == 1


def test_a_silence_is_torn_beside_the_number_of_its_bar() -> None:
    for story in (SILENCE, THREE_MONTHS):
        picture = drawn(story)
        for bar in picture.bars:
            for tear in picture.tears:
                assert not (tear.box.x < bar.words_x + 8 and bar.words_x < tear.box.right)


def test_tenures_that_began_and_ended_at_one_moment_stand_beside_each_other() -> None:
    starts = [bar.box.x for bar in drawn(AT_ONCE).bars]
    assert all(after - before >= 24 for before, after in pairwise(starts))


def test_people_stand_in_the_lanes_of_their_team_the_first_owner_first() -> None:
    picture = drawn(TWENTY)
    teams = [(lane.team.text if lane.team else "") for lane in picture.lanes]
    assert [team for team in teams if team] == ["Billing", "Logistics"]
    assert picture.lanes[0].full_name == TWENTY.tenures[0].owner


def test_an_offer_that_was_declined_leads_nowhere_and_one_that_waits_is_told_apart() -> None:
    declined, waits = drawn(TWO).stubs
    assert (declined.waits, waits.waits) == (False, True)
    assert declined.words is not None
    assert declined.words.text == "Bob: Declined"
    assert {"stub-ended", "stub-waits"} <= drawn(TWO).kinds


def test_what_became_of_a_promise_is_said_by_its_form() -> None:
    now = BEGIN + minutes(60)
    due = BEGIN + minutes(30)
    promises = {
        "kept": Promise(1, BEGIN, due, BEGIN + minutes(29), "kept"),
        "late": Promise(1, BEGIN, due, BEGIN + minutes(31), "kept"),
        "broken": Promise(1, BEGIN, due, None, "open"),
        "open": Promise(1, BEGIN, now + minutes(30), None, "open"),
        "withdrawn": Promise(1, BEGIN, due, BEGIN + minutes(10), "withdrawn"),
    }
    assert {name: promise.became(now) for name, promise in promises.items()} == {name: name for name in promises}
    tenure = Tenure(1, "Alice", BEGIN, None, "opened")
    picture = drawn(Story((Owner("Alice", "Alice", ""),), (tenure,), now, promises=tuple(promises.values())))
    assert sorted(each.became for each in picture.promises) == sorted(promises)
    ahead = next(each for each in picture.promises if each.became == "open")
    # A promise for later stands after now.
    assert picture.now is not None
    assert ahead.middle > picture.now


def test_a_hold_that_ended_badly_and_the_time_past_its_promised_return_are_told_apart() -> None:
    hold = Hold(1, "call", BEGIN, BEGIN + minutes(10), BEGIN + minutes(40), lost=True)
    tenure = Tenure(1, "Alice", BEGIN, None, "opened")
    picture = drawn(Story((Owner("Alice", "Alice", ""),), (tenure,), BEGIN + minutes(60), holds=(hold,)))
    assert picture.holds[0].late is not None
    assert picture.holds[0].late.width / picture.holds[0].box.width == pytest.approx(0.75, abs=0.01)
    assert {"hold-call", "hold-late", "hold-lost"} <= picture.kinds


def test_marks_of_one_kind_at_one_moment_become_one_with_their_number() -> None:
    marks = tuple(Mark("in", BEGIN + minutes(30), says=str(number)) for number in range(5))
    tenure = Tenure(1, "Alice", BEGIN, None, "opened")
    (glyph,) = drawn(Story((Owner("Alice", "Alice", ""),), (tenure,), BEGIN + minutes(300), marks=marks)).glyphs
    assert glyph.count == 5
    assert glyph.says.split() == ["0", "1", "2", "3", "4"]


def test_the_bar_of_the_present_owner_goes_on_until_the_ticket_is_closed() -> None:
    assert [bar.open for bar in drawn(TWO).bars] == [False, True]
    closed = Story(TWO.owners, TWO.tenures, TWO.now, ended=True)
    assert [bar.open for bar in drawn(closed).bars] == [False, False]
    assert drawn(closed).now is None


def test_a_ticket_that_was_opened_this_second_has_a_picture() -> None:
    tenure = Tenure(1, "Alice", BEGIN, None, "opened")
    picture = drawn(Story((Owner("Alice", "Alice", "Billing"),), (tenure,), BEGIN))
    assert picture.bars[0].box.width > 500
    assert picture.ticks


def test_very_many_tenures_make_the_picture_wider_not_smaller() -> None:
    picture = drawn(passed_around(*[5] * 70))
    assert picture.is_wide
    assert min(bar.box.width for bar in picture.bars) >= 24


def test_a_name_that_is_too_long_is_cut_and_an_offer_at_the_very_end_stays_inside() -> None:
    name = "Dr. Maximiliana von und zu Hohenlohe-Schillingsfürst"
    tenure = Tenure(1, "x", BEGIN, None, "opened")
    offer = Offer(1, BEGIN + minutes(60), None, label="Bob: Offered")
    picture = drawn(Story((Owner("x", name, "Billing"),), (tenure,), BEGIN + minutes(60), offers=(offer,)))
    assert picture.lanes[0].name.endswith("…")
    assert picture.lanes[0].full_name == name
    assert picture.stubs[0].box.right <= picture.width
