"""What is refused about an import: one class per refusal; the detail says what is wrong and the remedy."""

from people.errors import Incomplete


class WrongMapping(Incomplete):
    """The mapping is not right."""


class Unreadable(Incomplete):
    """The file cannot be read as the mapping says."""


class NoFallbackOwner(Incomplete):
    """There has to be somebody who answers for the cases that name nobody."""


class RowsRefused(Incomplete):
    """Some rows were refused, and a strict import takes all or nothing."""
