"""What happens in calls: each story plays one, and says what the server must conclude of it."""

from collections.abc import Callable

from phones.simulator.tape import Tape

Story = Callable[[Tape], None]


def _answered(tape: Tape) -> None:
    """Somebody has the caller after some ringing or waiting, and they talk."""
    tape.rings()
    if tape.dice.random() < 0.7:
        tape.queues()
    if tape.dice.random() < 0.2:
        # It rings at each of a group.
        tape.reports("ringing", **{"from": tape.number, "to": tape.first, "direction": "inbound"})
    tape.waits(1, 8)
    tape.answers(tape.first)
    tape.talks()


def solved(tape: Tape) -> None:
    """They talk, and one of them hangs up."""
    _answered(tape)
    tape.ends(tape.dice.choice(["caller", "caller", "agent"]))
    if tape.dice.random() < 0.3:
        tape.waits(1, 5)
        tape.reports("summary", seconds="0")


def looked_up(tape: Tape) -> None:
    """The caller is put on hold, and somebody comes back; the key is pressed twice now and then."""
    _answered(tape)
    for _ in range(tape.dice.choice([1, 1, 2])):
        tape.is_held(tape.first, how="returned")
        tape.reports("unheld", reason="resumed")
        if tape.dice.random() < 0.2:
            tape.waits(0.1, 1)
            tape.reports("unheld", reason="resumed")
        tape.talks()
    tape.ends("caller")


def parked(tape: Tape) -> None:
    """The caller is parked, and somebody comes back."""
    _answered(tape)
    tape.is_held(tape.first, how="returned", kind="parked")
    tape.reports("unheld")
    tape.talks()
    tape.ends("agent", agent=tape.first)


def introduced(tape: Tape) -> None:
    """A colleague is asked while the caller is on hold, and takes the call knowingly."""
    _answered(tape)
    tape.is_held(tape.first, how="transferred")
    tape.is_passed_on("attended", tape.first, tape.second)
    tape.hangs_up_after_passing_on(tape.first)
    tape.talks()
    tape.ends("caller")


def passed_on(tape: Tape) -> None:
    """The caller is passed on unannounced; the transferor's system says that the hold is over, and hangs up."""
    _answered(tape)
    if tape.dice.random() < 0.5:
        tape.is_held(tape.first, how="transferred")
        tape.reports("unheld", reason="transfer")
    tape.waits(0.01, 0.2)
    tape.is_passed_on("blind", tape.first, tape.second)
    tape.hangs_up_after_passing_on(tape.first)
    tape.picks_up(tape.second)
    tape.talks()
    tape.ends("caller")
    tape.went_wrong("cold_transfer", 1)


def passed_around(tape: Tape) -> None:
    """Three people have the caller, and the last of them puts them on hold until they hang up."""
    _answered(tape)
    for by, to in ((tape.first, tape.second), (tape.second, tape.third)):
        tape.is_passed_on("blind", by, to)
        tape.picks_up(to)
        tape.talks()
    tape.is_held(tape.third, how="caller_hung_up")
    tape.ends("caller")
    tape.went_wrong("cold_transfer", 1)
    tape.went_wrong("cold_transfer", 2)
    tape.went_wrong("held_caller_hung_up", 1)


def came_back(tape: Tape) -> None:
    """Nobody takes what was passed on: whoever tried that has the caller again."""
    _answered(tape)
    tape.is_passed_on("blind", tape.first, tape.second, failed=True)
    tape.waits(15, 25)
    tape.reports("transfer_failed", reason="no answer")
    tape.talks()
    tape.ends("agent", agent=tape.first)


def passed_on_to_nobody(tape: Tape) -> None:
    """It rings where the caller was passed on to, and nobody picks up."""
    _answered(tape)
    tape.is_passed_on("blind", tape.first, tape.second)
    tape.waits(10, 60)
    tape.ends(tape.dice.choice(["caller", "system"]))
    tape.went_wrong("cold_transfer", 1)
    tape.went_wrong("dropped_after_transfer", 1)


def given_up_on_hold(tape: Tape) -> None:
    """Nobody comes back, and the caller hangs up; sometimes somebody had come back before."""
    _answered(tape)
    spells = tape.dice.choice([1, 1, 2])
    for _ in range(spells - 1):
        tape.is_held(tape.first, how="returned")
        tape.reports("unheld", reason="resumed")
        tape.talks()
    tape.is_held(tape.first, how="caller_hung_up")
    tape.ends("caller")
    tape.went_wrong("held_caller_hung_up", spells)


def hung_up_on(tape: Tape) -> None:
    """We hang up on somebody who is on hold."""
    _answered(tape)
    tape.is_held(tape.first, how="dropped_by_us")
    tape.ends(tape.dice.choice(["agent", "system"]))
    tape.went_wrong("dropped_on_hold", 1)


def cut_off(tape: Tape) -> None:
    """The line breaks while the caller is on hold, and nobody knows who did it."""
    _answered(tape)
    tape.is_held(tape.first, how="closed")
    tape.ends("unknown")


def given_up_in_the_queue(tape: Tape) -> None:
    """The caller has waited for long enough."""
    tape.rings()
    tape.queues(21, 200)
    tape.ends("caller")
    tape.went_wrong("queue_abandoned")


def changed_their_mind(tape: Tape) -> None:
    """The caller hangs up soon: before anybody could have answered."""
    tape.rings()
    queued = tape.dice.random() < 0.5
    if queued:
        tape.queues(2, 19)
    else:
        tape.waits(2, 40)
    tape.ends("caller")
    if queued:
        # It is known, and nobody is bothered with it.
        tape.went_wrong("queue_abandoned")


def joined_late(tape: Tape) -> None:
    """The telephone system was restarted: how the call began is not known."""
    tape.outcome |= {"provisional": True, "number": ""}
    tape.answers(tape.first)
    tape.talks()
    tape.ends("caller")


def called_by_us(tape: Tape) -> None:
    """We call a customer: whoever hangs up, on hold or not, nobody has been abandoned."""
    tape.outcome["direction"] = "outbound"
    tape.reports("ringing", **{"from": tape.first, "to": tape.number, "direction": "outbound"})
    tape.waits(5, 20)
    if tape.dice.random() < 0.7:
        tape.answers(tape.first)
        tape.talks()
        if tape.dice.random() < 0.3:
            tape.is_held(tape.first, how="caller_hung_up")
            tape.ends("caller")
            return
    tape.ends("agent")


# Of a hundred calls so many go like that: more goes wrong here than should, so that it is all seen.
STORIES: dict[Story, int] = {
    solved: 40,
    looked_up: 15,
    parked: 2,
    introduced: 5,
    passed_on: 5,
    passed_around: 1,
    came_back: 3,
    passed_on_to_nobody: 2,
    given_up_on_hold: 4,
    hung_up_on: 2,
    cut_off: 1,
    given_up_in_the_queue: 6,
    changed_their_mind: 4,
    joined_late: 2,
    called_by_us: 8,
}
