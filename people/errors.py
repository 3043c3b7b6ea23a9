"""What the product refuses: one class per refusal, its docstring the message that a user reads.

A constraint of the schema that stands behind a refusal is named in `constraints`: when the database
catches what the code did not (a race, a raw SQL client), the user is told the same thing.
"""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """That cannot be done now."""

    status: ClassVar[int] = 409
    constraints: ClassVar[tuple[str, ...]] = ()
    by_constraint: ClassVar[dict[str, "type[Refusal]"]] = {}

    def __init__(self, detail: str = "", /, **fields: str) -> None:
        """Refuse with the class's own message or `detail`; `fields` says what is wrong where."""
        self.detail = detail or " ".join((type(self).__doc__ or "").split())
        self.fields = fields
        super().__init__(self.detail)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in cls.constraints:
            Refusal.by_constraint[name] = cls


class NotYours(Refusal):
    """That is not yours to do."""

    status = 403


class NotVisible(Refusal):
    """There is nothing here that you can see."""

    status = 404


class Stale(Refusal):
    """Somebody changed it since you read it. Read it again, then repeat what you wanted to do."""

    status = 412


class Incomplete(Refusal):
    """Something is missing or cannot be right; see the fields."""

    status = 422


class Busy(Refusal):
    """Too many people are changing the same things at once. Try again in a moment."""


class ExtensionTaken(Refusal):
    """Somebody who is signed in has that extension. They must give it up first."""

    constraints = ("person_extension_is_unique",)


class UnknownPerson(NotVisible):
    """There is no person of that username."""


class UnknownValue(Incomplete):
    """That is not one of the values that this can have."""

    constraints = ("person_role_is_known",)


class NotAway(Incomplete):
    """Only somebody who is away is back at some time."""

    constraints = ("person_away_until_is_away",)


class AboveItself(Incomplete):
    """A team cannot be above itself."""

    constraints = ("team_is_not_its_own_parent",)


class InactiveManager(Refusal):
    """A team's manager must be an active person. Name another manager first."""

    constraints = ("team_manager_is_active",)


class KeyReused(Incomplete):
    """That Idempotency-Key was used for another request. Use a new key for a new request."""
