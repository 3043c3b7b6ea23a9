"""Who gets a new ticket: pure, over a snapshot."""

from tickets.routing import Candidate, Reason, Snapshot, choose

MANAGER, OPENER, PREFERRED, LAST, ANN, BEN, CID = range(1, 8)
TEAM = frozenset({ANN, BEN, CID})


def rep(person: int, *, load: int = 0, present: bool = True, skills: str = "") -> Candidate:
    """Return a rep."""
    return Candidate(person, present, load, frozenset(skills.split()))


def test_whoever_opens_it_owns_it_whatever_else_is_known() -> None:
    reps = [rep(PREFERRED), rep(LAST), rep(ANN)]
    snapshot = Snapshot(MANAGER, opener=OPENER, preferred=PREFERRED, last=LAST, reps=reps, team=TEAM)
    assert choose(snapshot) == (OPENER, Reason.OPENED_IT)


def test_then_whom_the_customer_prefers() -> None:
    snapshot = Snapshot(MANAGER, preferred=PREFERRED, last=LAST, reps=[rep(PREFERRED, load=9), rep(LAST), rep(ANN)])
    assert choose(snapshot) == (PREFERRED, Reason.PREFERRED)


def test_then_who_had_this_customer_last() -> None:
    reps = [rep(PREFERRED, present=False), rep(LAST, load=9), rep(ANN)]
    snapshot = Snapshot(MANAGER, preferred=PREFERRED, last=LAST, reps=reps, team=TEAM)
    assert choose(snapshot) == (LAST, Reason.LAST_OWNER)


def test_then_the_least_loaded_of_the_team_who_is_there() -> None:
    reps = [rep(ANN, load=2), rep(BEN, load=1), rep(CID, load=0, present=False), rep(LAST, present=False)]
    assert choose(Snapshot(MANAGER, last=LAST, reps=reps, team=TEAM)) == (BEN, Reason.LEAST_LOADED_PRESENT)


def test_of_equals_the_first() -> None:
    assert choose(Snapshot(MANAGER, reps=[rep(BEN), rep(ANN)], team=TEAM)) == (ANN, Reason.LEAST_LOADED_PRESENT)


def test_with_the_skill_rather_than_with_less_to_do() -> None:
    reps = [rep(ANN, load=0), rep(BEN, load=5, skills="refunds parcels")]
    assert choose(Snapshot(MANAGER, skill="parcels", reps=reps, team=TEAM)) == (BEN, Reason.LEAST_LOADED_PRESENT)


def test_preferred_and_last_do_not_count_as_the_team() -> None:
    reps = [rep(PREFERRED, present=False), rep(ANN, load=3)]
    assert choose(Snapshot(MANAGER, preferred=PREFERRED, reps=reps, team=TEAM)) == (ANN, Reason.LEAST_LOADED_PRESENT)


def test_nobody_there_the_least_loaded_later() -> None:
    reps = [rep(ANN, load=2, present=False), rep(BEN, load=1, present=False)]
    assert choose(Snapshot(MANAGER, reps=reps, team=TEAM)) == (BEN, Reason.LEAST_LOADED_AWAY)


def test_nobody_with_the_skill_there_rather_one_who_has_it_later() -> None:
    reps = [rep(ANN), rep(BEN, load=3, present=False, skills="parcels")]
    assert choose(Snapshot(MANAGER, skill="parcels", reps=reps, team=TEAM)) == (BEN, Reason.LEAST_LOADED_AWAY)


def test_nobody_with_the_skill_at_all_somebody_without() -> None:
    reps = [rep(ANN, load=1), rep(BEN)]
    assert choose(Snapshot(MANAGER, skill="parcels", reps=reps, team=TEAM))[0] == BEN


def test_nobody_at_all_the_manager() -> None:
    assert choose(Snapshot(MANAGER)) == (MANAGER, Reason.MANAGER)
    assert choose(Snapshot(MANAGER, reps=[rep(LAST, present=False)], last=LAST)) == (MANAGER, Reason.MANAGER)
