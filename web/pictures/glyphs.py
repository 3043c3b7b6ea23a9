"""The marks of a picture: what each looks like, so that its form alone says what it is."""

from web.pictures.packing import Box

SIZE = 13.0
Step = tuple[str | float, ...]

# Kinds that stand above a bar; all others stand below it.
ABOVE = ("flag_amber", "flag_red", "resolved", "closed", "reopened", "manager")
MARKS = (*ABOVE, "in", "chase", "out", "call")


def path(kind: str, box: Box) -> str:
    """Return the outline of a mark, in its box."""
    left, top, right, bottom, middle = box.x, box.y, box.x + SIZE, box.bottom, box.middle
    centre = box.x + SIZE / 2
    outlines: dict[str, list[Step]] = {
        # A pennant, whose red form has a second tip.
        "flag_amber": [("M", left + 2, bottom), ("V", top + 1), ("L", right, top + 4), ("L", left + 2, top + 8)],
        "flag_red": [
            ("M", left + 2, bottom),
            ("V", top),
            ("H", right),
            ("L", right - 4, top + 4.5),
            ("L", right, top + 9),
            ("H", left + 2),
        ],
        # From the customer: up to the bar. To the customer: away from it.
        "in": [("M", centre, top + 1), ("L", right - 1, bottom - 1), ("H", left + 1), ("Z",)],
        "chase": [("M", centre, top + 1), ("L", right - 1, bottom - 1), ("H", left + 1), ("Z",)],
        "out": [("M", left + 1, top + 1), ("H", right - 1), ("L", centre, bottom - 1), ("Z",)],
        "call": [("M", left, middle - 2.5), ("H", box.right), ("V", middle + 2.5), ("H", left), ("Z",)],
        "resolved": [("M", left + 1, middle), ("L", centre - 1, bottom - 2), ("L", right, top + 1)],
        "closed": [("M", left + 2, top + 2), ("H", right - 2), ("V", bottom - 2), ("H", left + 2), ("Z",)],
        "reopened": [
            ("M", right - 2, top + 2),
            ("V", top + 6),
            ("H", left + 1),
            ("M", left + 5, top + 2),
            ("L", left + 1, top + 6),
            ("L", left + 5, top + 10),
        ],
        # A bell.
        "manager": [
            ("M", left + 1, bottom - 3),
            ("L", left + 3, top + 4),
            ("L", centre, top + 1),
            ("L", right - 3, top + 4),
            ("L", right - 1, bottom - 3),
            ("Z",),
            ("M", centre - 1.5, bottom - 1),
            ("H", centre + 1.5),
        ],
    }
    return draw(outlines[kind])


def diamond(box: Box) -> str:
    """Return the corners of a diamond that fills its box."""
    centre = box.x + box.width / 2
    return corners((centre, box.y), (box.right, box.middle), (centre, box.bottom), (box.x, box.middle))


def draw(steps: list[Step]) -> str:
    """Return steps such as ("M", 1, 2) as the path of an SVG."""
    return " ".join(" ".join(step if isinstance(step, str) else f"{step:.1f}" for step in each) for each in steps)


def corners(*points: tuple[float, float]) -> str:
    """Return the corners of a polygon as an SVG has them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
