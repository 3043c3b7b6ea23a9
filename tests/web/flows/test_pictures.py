"""The pictures of the flows: shapes, from figures."""

import pytest

from web.pictures import flows as pictures


@pytest.mark.parametrize(
    ("most", "bounds"), [(0, []), (1, [1]), (3, [1, 2, 3]), (15, [2, 3, 5, 9, 15]), (1000, [4, 16, 63, 251, 1000])]
)
def test_the_steps_of_a_colour_rise_to_the_most(most: int, bounds: list[int]) -> None:
    assert sorted(set(pictures.steps(most))) == bounds


def test_the_most_has_the_strongest_colour_and_none_has_none() -> None:
    for most in range(1, 200):
        bounds = pictures.steps(most)
        found = [pictures.step(number, bounds) for number in range(most + 1)]
        assert found[0] == 0
        assert found[-1] == pictures.STEPS
        assert found == sorted(found)
        assert min(found[1:]) >= 1


def test_a_line_is_broken_where_there_is_no_figure() -> None:
    drawn = pictures.line([0, None, 2, 4], top=4, width=400, height=104)

    assert drawn.path == "M50.0 100.0 M250.0 60.0 L350.0 20.0"
    assert [point and (point.x, point.y) for point in drawn.points] == [(50, 100), None, (250, 60), (350, 20)]
    assert [point.left for point in drawn.points if point] == [0, 200, 300]


def test_a_line_of_nothing_lies_on_the_floor() -> None:
    assert {point.y for point in pictures.line([0, 0], top=0).points if point} == {86}


def test_a_box_is_as_tall_as_what_comes_or_goes_whichever_is_more() -> None:
    drawn = pictures.bands({(1, "a", "b"): 6, (2, "b", "a"): 2, (2, "c", "a"): 2}, ["a", "b", "c"], layers=3)

    heights = {key: box.height for key, box in drawn.boxes.items()}
    unit = pictures.TALLEST / 8
    assert heights == {(1, "a"): 6 * unit, (2, "b"): 6 * unit, (2, "c"): 2 * unit, (3, "a"): 4 * unit}
    assert drawn.boxes[2, "c"].y == pictures.TOP + 6 * unit + pictures.GAP
    assert [box.x for box in drawn.boxes.values()] == [0, 425, 425, 850]


def test_the_bands_of_a_box_lie_one_below_the_other() -> None:
    drawn = pictures.bands({(1, "a", "b"): 1, (1, "a", "c"): 3}, ["a", "b", "c"], layers=2)

    first, second = drawn.bands[1, "a", "b"], drawn.bands[1, "a", "c"]
    assert first.path.startswith(f"M{pictures.BAR}.0 {pictures.TOP}.0 ")
    assert second.path.startswith(f"M{pictures.BAR}.0 {pictures.TOP + pictures.TALLEST / 4:.1f} ")
    assert drawn.boxes[1, "a"].right == pictures.TALLEST


def test_a_name_has_the_room_up_to_the_next_layer() -> None:
    few, many = (pictures.bands({(1, "a", "b"): 1}, ["a", "b"], layers=layers) for layers in (2, 6))

    assert few.letters(1) > many.letters(1) > 15
    assert few.letters(2) == many.letters(6) == round(pictures.LABEL / pictures.LETTER)


def test_of_nothing_there_is_an_empty_picture() -> None:
    assert pictures.bands({}, [], layers=1).boxes == {}
