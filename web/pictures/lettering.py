"""How wide words are, about: nothing is measured on a server, so a little too wide is assumed."""

import unicodedata

NARROW = frozenset("iljtfrI.,:;'|!()[]· ")
WIDE = frozenset("mwMW@%—…→")


def width(text: str, size: float) -> float:
    """Return how much room `text` takes in letters of `size`."""
    return sum(_share(char) for char in text) * size


def fit(text: str, room: float, size: float) -> str:
    """Return as much of `text` as there is room for, with an ellipsis where it was cut; "" for next to nothing."""
    if width(text, size) <= room:
        return text
    cut = text
    while cut and width(cut + "…", size) > room:
        cut = cut[:-1]
    return cut.rstrip() + "…" if len(cut) > 2 else ""


def _share(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if char in NARROW:
        return 0.38
    if char in WIDE:
        return 0.95
    return 0.72 if char.isupper() else 0.61
