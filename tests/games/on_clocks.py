"""What runs by itself: the sweeps, covers, managers who are rung, and thresholds that change meanwhile."""

from datetime import timedelta

from hypothesis.stateful import rule
from hypothesis.strategies import booleans, none, sampled_from

from handoffs import covers, expiry, manager_requests, overdue, ringing
from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState
from people.models import Cover, Person, Team
from tests.games.floor import Machine, actors, hours, newest, owners, words
from tickets import climbing, sweeps, tuning

SWEEPS = (expiry, overdue, ringing, covers, sweeps, climbing)
THRESHOLDS = [
    {},
    {"silent_amber_days": 1, "silent_red_days": 1},
    {"bounced_amber_owners": 2, "bounced_red_owners": 2, "bounced_red_owners_chased": 2, "load_limit_tickets": 1},
    {"manager_deputy_seconds": 9_000, "manager_asked_red_seconds": 20_000, "climb_seconds": 60},
    {"promise_red_seconds": 0},
]


class OnClocks(Machine):
    """Everything that time reveals."""

    @rule(hours=sampled_from([0.02, 0.3, 1.1, 5]))
    def sweep(self, hours: float) -> None:
        """Every sweep strikes, and strikes again at the same instant: the second time there is nothing to do."""
        self.traveller.shift(timedelta(hours=hours))
        for clock in SWEEPS:
            self.attempt(clock.sweep)
        before = self.before
        for clock in SWEEPS:
            self.attempt(clock.sweep)
        written = set(self.before) - set(before)
        assert not written, f"the second strike of the clock wrote something: {written}"

    @rule(who=actors, absent=owners, covering=owners, until=hours, starts=none() | sampled_from([0.3, 30, -1]))
    def ask_for_cover(self, who: str | None, absent: str, covering: str, until: float, starts: float | None) -> None:
        subject = Person.objects.get(username=absent)
        said = {"covering": Person.objects.get(username=covering), "until": self.later(until)}
        self.attempt(covers.ask, by=self.actor(who, subject), absent=subject, starts_at=self.moment(starts), **said)

    @rule(who=actors, accepts=booleans())
    def answer_cover(self, who: str | None, accepts: bool) -> None:
        """Accept or end the newest cover."""
        found = Cover.objects.order_by("pk").last()
        if found is not None:
            by = self.actor(who, found.covering)
            self.attempt(covers.accept if accepts else covers.end, cover=found.pk, by=by)

    @rule(ticket=Machine.tickets, who=actors, text=words, back=booleans())
    def want_a_manager(self, ticket: int, who: str | None, text: str, back: bool) -> None:
        """Ask for a manager; when one is being rung, answer or take it back."""
        found = newest(ManagerRequest, ticket)
        if found is None or found.state != RequestState.OPEN:
            self.attempt(manager_requests.ask, ticket=ticket, by=self.owner(who, ticket), reason=text)
        elif back:
            by = self.actor(who, found.asked_by)
            self.attempt(manager_requests.withdraw, manager_request=found.pk, by=by, reason=text)
        else:
            by = self.actor(who, found.asked)
            self.attempt(manager_requests.answer, manager_request=found.pk, by=by, answer=text)

    @rule(who=actors, team=sampled_from(["billing", "logistics", "care"]), numbers=sampled_from(THRESHOLDS))
    def tune(self, who: str | None, team: str, numbers: dict[str, int]) -> None:
        found = Team.objects.get(slug=team)
        self.attempt(tuning.change, team=found.pk, by=self.actor(who, found.manager), thresholds_now=numbers)
