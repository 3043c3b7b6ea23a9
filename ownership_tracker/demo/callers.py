"""Who complains: plainly made-up customers, with numbers from the ranges that are reserved for stories."""

import random
from datetime import date, datetime, timedelta

from tickets import customers
from tickets.models import Customer

NAMES = """
    Acacia Agate Alder Almond Amber Apple Ash Aspen Aster Azalea Bamboo Barley Basalt Basil Bay Beryl Birch
    Bluebell Borage Box Broom Bryony Buckthorn Burdock Cedar Chestnut Chicory Clover Cobalt Comfrey Cornel
    Cowslip Crocus Cypress Daffodil Daisy Damson Dill Dogwood Elder Fennel Fern Fig Fir Flax Foxglove Garnet
    Gentian Ginger Gorse Hawthorn Hazel Heath Hemlock Hibiscus Honesty Hornbeam Hyacinth Iris Ivory Jasper Larch
    Larkspur Laurel Lavender Lilac Lime Linden Lovage Lupin Maple Marble Marigold Meadow Melilot Mint Moss
    Mulberry Myrtle Nettle Oak Oat Olive Onyx Opal Osier Pansy Parsley Pearl Peony Plane Plum Poplar Poppy
    Primrose Quartz Quince Reed Rosemary Rowan Rush Rye Saffron Sage Sapphire Slate Snowdrop Spruce Sycamore
    Tansy Thistle Thyme Topaz Tulip Umber Verbena Vetch Viola Walnut Willow Wormwood Yew Zinnia
"""
PREFERENCES = (
    "Call after 18:00 only; works shifts.",
    "Prefers e-mail. Never leave a message with the neighbours.",
    "Hard of hearing: speak slowly, confirm in writing.",
    "Wants the short version first, then the details.",
    "The daughter, same number, may be told everything.",
    "Please use the mobile; the landline is the problem.",
    "Does not want to be called before ten.",
)
LANGUAGES = ("es", "fr", "de", "pl")


def _phone(number: int) -> str:
    """Return a number of a range that is never given to anybody (Ofcom's, and North America's 555-01xx)."""
    if number % 3 == 0:
        return f"+1 617 555 {100 + number // 3:04d}"
    return f"+44 113 496 {number:04d}" if number % 3 == 1 else f"+44 7700 900{number:03d}"


class Callers:
    """The customers: first those who have not complained yet, then some who come again."""

    def __init__(self, dice: random.Random, *, at: datetime) -> None:
        """Take all of them down, as known before the play begins at `at`."""
        self._dice = dice
        everybody = [self._create(number, name, at) for number, name in enumerate(NAMES.split())]
        dice.shuffle(everybody)
        self._fresh = [one for one in everybody if one.language == "en"]
        self._abroad = [one for one in everybody if one.language != "en"]
        self._satisfied: list[tuple[datetime, Customer]] = []

    def _create(self, number: int, name: str, at: datetime) -> Customer:
        dice = self._dice
        points = [("phone", _phone(number), dice.choice(["mobile", "home", "", ""]))]
        if dice.random() < 0.75:
            points.append(("email", f"{name.lower()}@example.com", ""))
        if dice.random() < 0.15:
            points.append(("phone", _phone(number + 300 if number % 3 else number), "work"))
        return customers.create(
            name=f"Customer {name}",
            contact_points=list({value: (kind, value, label) for kind, value, label in points}.values()),
            at=at,
            since=date(at.year - dice.randint(1, 22), dice.randint(1, 12), dice.randint(1, 28)),
            value=dice.choices(["standard", "valued", "key"], weights=[80, 15, 5])[0],
            language=LANGUAGES[number // 9 % 4] if number % 9 == 0 else "en",
            preferences=dice.choice(PREFERENCES) if dice.random() < 0.3 else "",
        )

    def next(self, *, at: datetime, foreign: bool = False) -> Customer:
        """Return somebody who complains at `at`: now and then one whose earlier complaint ended days ago.

        foreign: somebody who would rather not speak English.
        """
        if foreign:
            return self._abroad.pop()
        rested = [n for n, (ended, _) in enumerate(self._satisfied) if at - ended > timedelta(days=2)]
        if rested and (not self._fresh or self._dice.random() < 0.35):
            return self._satisfied.pop(self._dice.choice(rested))[1]
        return self._fresh.pop()

    def satisfied(self, customer: Customer, at: datetime) -> None:
        """Note that a customer has no open complaint any more, and may come again."""
        if customer.language == "en":
            self._satisfied.append((at, customer))
