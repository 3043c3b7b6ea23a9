"""The same story, told by the telephone system: three calls, of which nobody has to report anything.

A customer is passed around three people, none of whom takes her complaint over. She calls again, asks for a
manager, is put on hold, and nobody comes back. She calls a third time and is hung up on. The line tells of
the transfers, the holds and who hung up; what people do is answer, and say afterwards what it was about.
"""

from datetime import datetime, timedelta

import pytest

from tests.invariants import broken_invariants
from tests.story import outcome
from tests.story.line import EXTENSIONS, Line, connected
from tests.story.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

ALICE, BOB, CAROL = EXTENSIONS.values()
# What a manager would leave at minutes. Nobody comes back while the test lasts, either.
LIMITS = {"call_hold_reminder_seconds": 2, "call_hold_amber_seconds": 5, "call_hold_red_seconds": 9}
CALL_BACK = timedelta(minutes=15)


def test_the_line_tells_what_nobody_would_report(stage: Stage) -> None:
    maya, petra = stage.desks("maya", "petra")
    assert maya.put("teams/billing/thresholds/", **LIMITS)["own"] == LIMITS
    line = connected(stage)

    complaint = first_call(stage, line)
    second_call(stage, line, complaint)
    third_call(stage, line, complaint)
    put_right(stage, line, complaint)

    assert petra.get("flags/?status=open")["results"] == []
    told_as_it_happened(stage, line, complaint)
    chain_is_proven(stage, complaint)
    outcome.has_come_to_rest(stage)
    outcome.webhook_got_everything(stage)
    outcome.everybody_got_their_letters(stage, unasked={"screen_pop"})
    assert broken_invariants() == []


def first_call(stage: Stage, line: Line) -> str:
    """She is passed around three people, unannounced, and the manager is told while she is on the line."""
    line.rings("first")
    line.reports("first", "answered", agent=ALICE)
    complaint = stage.acknowledged("alice", team="billing")

    assert line.reports("first", "transferred", kind="blind", by=ALICE, target=BOB) == ["cold_transfer"]
    stage.sees(complaint, "cold_transfer", "amber", to=["maya"])
    assert line.call("first")["ended_at"] is None

    # Whoever picks up sees whom they have, and the owner is asked to offer it to them: it is still hers.
    for by, to, name in ((ALICE, BOB, "bob"), (BOB, CAROL, "carol")):
        if by != ALICE:
            line.reports("first", "transferred", kind="blind", by=by, target=to)
        line.reports("first", "answered", agent=to)
        stage.hears(complaint, "screen_pop", to=[name], owner="alice", promise_open=True)
        stage.hears(complaint, "handoff_drafted", to=["alice"], receiver=name)
    line.reports("first", "ended", ended_by="caller")
    assert (line.call("first")["ticket"], line.call("first")["linked"]) == (complaint, "by_number")

    wrapped_up(stage, "carol", text="She was passed to me, and I cannot see her invoices.")
    assert stage.flags(complaint) == {"cold_transfer": "amber"}
    return complaint


def wrapped_up(stage: Stage, who: str, **said: object) -> None:
    """Whoever answered says what the only call that waits for it was."""
    desk = stage.people[who]
    (call,) = desk.get("phones/calls/?waiting=wrap_up&answered_by=me")["results"]
    assert desk.post(f"phones/calls/{call['id']}/wrap-up/", outcome="complaint", **said)["wrap_up"] == "complaint"


def second_call(stage: Stage, line: Line, complaint: str) -> None:
    """She asks for a manager, is put on hold, and nobody comes back."""
    # The telephone system would put her through to who owns her complaint; there, nobody picks up.
    assert (line.route()["extension"], line.route()["ticket"]) == (ALICE, complaint)
    line.rings("second")
    line.reports("second", "queued", queue="complaints")
    line.reports("second", "answered", agent=BOB)
    stage.people["bob"].post("manager-requests/", ticket=complaint, reason="She has told it three times.")
    stage.hears(complaint, "manager_asked", to=["maya"])

    assert line.reports("second", "held", by=BOB) == []
    stage.hears(complaint, "hold_return_due", to=["alice", "bob"])  # the owner, and who has the line
    stage.sees(complaint, "hold_overdue", "amber", to=["maya"])
    # Red while she is still on hold: somebody could go back to her now.
    stage.sees(complaint, "hold_overdue", "red", to=["maya", "dora"])
    (spell,) = line.call("second")["spells"]
    assert (spell["by"], spell["ended_at"]) == (BOB, None)
    assert stage.flags(complaint) == {"cold_transfer": "amber", "hold_overdue": "red"}

    # Nobody does.
    assert line.reports("second", "ended", ended_by="caller") == ["held_caller_hung_up"]
    stage.sees(complaint, "abandoned_on_hold", "red", to=["maya", "dora"])
    stage.sees_no_more(complaint, "hold_overdue")
    is_called_back_by_alice(stage, line, "second", complaint)
    wrapped_up(stage, "bob", text="Where is her money? She wants a manager.", chase=True)


def is_called_back_by_alice(stage: Stage, line: Line, call: str, complaint: str) -> None:
    """She is promised a call within a quarter of an hour, by the owner, without anybody's doing."""
    due_at = datetime.fromisoformat(line.call(call)["ended_at"]) + CALL_BACK
    promised = [each for tenure in outcome.chain(stage, complaint)["tenures"] for each in tenure["promises"]]
    (promise,) = (each for each in promised if datetime.fromisoformat(each["due_at"]) == due_at)
    assert (promise["what"], promise["state"]) == ("We call back.", "open")
    stage.hears(complaint, "promise_due_soon", to=["alice"], promise=promise["id"])


def third_call(stage: Stage, line: Line, complaint: str) -> None:
    """She is hung up on, on hold; no clock has to run for that to be red."""
    line.rings("third")
    line.reports("third", "answered", agent=ALICE)
    line.reports("third", "held", by=ALICE)
    assert line.reports("third", "ended", ended_by="agent", agent=ALICE) == ["dropped_on_hold"]
    assert stage.flags(complaint)["dropped_by_us"] == "red"
    stage.sees(complaint, "dropped_by_us", "red", to=["maya", "dora"])
    is_called_back_by_alice(stage, line, "third", complaint)

    wrapped_up(stage, "alice", text="The third time! Then the line was gone.", chase=True)
    stage.sees(complaint, "repeat_contact", "amber", to=["maya"])
    stage.sees_no_more(complaint, "cold_transfer")  # by now the owner has spoken with her


def put_right(stage: Stage, line: Line, complaint: str) -> None:
    """But this time somebody has been told: she is called back, and her owner solves it."""
    alice, maya = stage.desks("alice", "maya")
    (wanted,) = maya.get(f"manager-requests/?ticket={complaint}")["results"]
    maya.post(f"manager-requests/{wanted['id']}/answer/", answer="I have apologised; Alice has time for her now.")
    line.reports("back", "ringing", **{"from": ALICE, "to": "(212) 555-0100", "direction": "outbound"})
    line.reports("back", "answered", agent=ALICE)
    assert line.reports("back", "ended", ended_by="agent", agent=ALICE) == []
    assert line.call("back")["ticket"] == complaint

    alice.post(f"tickets/{complaint}/contacts/", direction="outbound", summary="The bank has returned the money.")
    for promise in outcome.open_promises(stage, complaint):
        alice.post(f"promises/{promise}/keep/")
    solved = {"resolution": "Paid back.", "root_cause": "double_booking", "customer_agreed": True}
    alice.post(f"tickets/{complaint}/resolve/", **solved)
    assert alice.post(f"tickets/{complaint}/close/", outcome="resolved")["status"] == "closed"
    for flag in maya.get("flags/?team=billing")["results"]:
        maya.post(f"flags/{flag['id']}/close/", note="Talked it through with all three, and with her.")


def told_as_it_happened(stage: Stage, line: Line, complaint: str) -> None:
    """Each flag has taken its steps once, each call keeps what went wrong, and the timeline tells it all."""
    assert outcome.steps_of_flags(stage, complaint) == {
        "cold_transfer": ["amber"],
        "hold_overdue": ["amber", "red"],
        "abandoned_on_hold": ["red"],
        "dropped_by_us": ["red"],
        "repeat_contact": ["amber"],
    }
    concluded = {name: line.call(name)["conclusions"] for name in ("first", "second", "third", "back")}
    assert {name: [each["cause"] for each in causes] for name, causes in concluded.items()} == {
        "first": ["cold_transfer", "cold_transfer"],
        "second": ["held_caller_hung_up"],
        "third": ["dropped_on_hold"],
        "back": [],
    }
    assert [line for line in outcome.lines(stage, complaint) if line in STORY] == STORY


def chain_is_proven(stage: Stage, complaint: str) -> None:
    """However often she was passed on, it was Alice's all the time; and every wait is in the chain."""
    chain = outcome.chain(stage, complaint)
    assert chain["verified"] is True
    assert [(tenure["owner"]["username"], tenure["began_by"]) for tenure in chain["tenures"]] == [("alice", "opened")]
    assert [hold["how"] for hold in outcome.holds(stage, complaint)] == ["caller_hung_up", "dropped_by_us"]
    assert outcome.open_promises(stage, complaint) == []


# What the line told, what people did, and the flags between it. What the line tells has nobody's name.
STORY = [
    "alice opened",
    "alice acknowledged",
    "the clock call_linked",
    "cold_transfer amber",
    "the clock call_ended",
    "carol contact",
    "the clock call_linked",
    "bob manager_asked",
    "bob hold_started",
    "hold_overdue amber",
    "hold_overdue red",
    "the clock hold_ended",
    "the clock call_ended",
    "abandoned_on_hold red",
    "the clock promised",
    "bob contact",
    "the clock call_linked",
    "alice hold_started",
    "the clock hold_ended",
    "the clock call_ended",
    "dropped_by_us red",
    "the clock promised",
    "alice contact",
    "repeat_contact amber",
    "maya manager_answered",
    "the clock call_linked",
    "the clock call_ended",
    "alice contact",
    *["alice promise_kept"] * 3,
    "alice resolved",
    "alice closed",
    *["maya flag_closed"] * 3,
]
