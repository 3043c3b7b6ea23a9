"""The story that the product exists for, played over REST with everything running, and limits of seconds.

A customer is passed around three people and nothing is solved. She calls again, asks for a manager, is put on
hold, and nobody comes back. She calls a third time and is hung up on. Everybody there knew. Here the manager is
told during the first call; of the second she is told at red while the customer is still on hold; and what
happens in the third is red at once.

Left out is what cannot be hurried: `silent` counts in days, and so does the red of a question and of a hold
for days; `queue_abandoned` needs the telephone system.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import PACKET, READ_BACK
from tests.invariants import broken_invariants
from tests.story import meanwhile, outcome
from tests.story.stage import HOUR, LIMITS, Stage, in_seconds

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_is_forgotten(stage: Stage) -> None:
    maya, lars, petra = stage.desks("maya", "lars", "petra")
    for manager, team in ((maya, "billing"), (lars, "logistics")):
        assert manager.put(f"teams/{team}/thresholds/", **LIMITS)["own"] == LIMITS

    with ThreadPoolExecutor(len(meanwhile.SCENES)) as other_desks:
        scenes = [other_desks.submit(scene, stage) for scene in meanwhile.SCENES]
        complaint = first_call(stage)
        second_call(stage, complaint)
        third_call(stage, complaint)
        put_right(stage, complaint)
        for scene in scenes:
            scene.result()

    assert petra.get("flags/?status=open")["results"] == []
    told_as_it_happened(stage, complaint)
    chain_is_proven(stage, complaint)
    outcome.has_come_to_rest(stage)
    outcome.webhook_got_everything(stage)
    outcome.everybody_got_their_letters(stage, unasked={"handoff_live"})
    assert broken_invariants() == []


def first_call(stage: Stage) -> str:
    """She is passed around, and the manager is told before the day is over."""
    alice, carol, maya = stage.desks("alice", "carol", "maya")
    complaint = stage.opened("alice", team="billing")

    # Nobody tells her "I'll do it": at half of the limit the manager sees that, at the limit the deputy, too.
    stage.sees(complaint, "unacknowledged", "amber", to=["maya"])
    stage.sees(complaint, "unacknowledged", "red", to=["maya", "dora"])
    said = {"message": "I'll do it, and call you back tonight.", "next_contact_at": in_seconds(HOUR)}
    assert alice.post(f"tickets/{complaint}/acknowledge/", **said)["status"] == "open"
    stage.sees_no_more(complaint, "unacknowledged")

    hand_on(stage, complaint, "alice", "bob")
    hand_on(stage, complaint, "bob", "carol")
    # Three people have owned it now.
    stage.sees(complaint, "bounced", "amber", to=["maya"])
    stage.sees(complaint, "hot_potato", "amber", to=["maya"])

    # The third change is not hers to make: it waits for the manager, who says no.
    offer = carol.post(f"tickets/{complaint}/handoffs/", to="alice", reason="wrong_owner", **PACKET)
    assert offer["state"] == "requested"
    stage.hears(complaint, "handoff_approval_asked", to=["maya"], receiver="alice")
    maya.post(f"handoffs/{offer['id']}/refuse/", reason="She has met enough of us: solve it, and ask Alice for help.")
    stage.hears(complaint, "handoff_refused", to=["carol"])
    return complaint


def hand_on(stage: Stage, complaint: str, giver: str, receiver: str) -> None:
    """The receiver reads what it is about, and says it back; until then it stays with the giver."""
    giving, receiving = stage.desks(giver, receiver)
    offer = giving.post(f"tickets/{complaint}/handoffs/", to=receiver, reason="skill", **PACKET)
    (waiting,) = receiving.get("handoffs/?to=me&status=offered")["results"]
    assert (waiting["id"], waiting["packet"]) == (offer["id"], PACKET)
    assert giving.get(f"tickets/{complaint}/")["owner"]["username"] == giver
    said = {"read_back": READ_BACK, "next_contact_at": in_seconds(HOUR)}
    assert receiving.post(f"handoffs/{offer['id']}/accept/", **said)["state"] == "accepted"
    assert giving.get(f"tickets/{complaint}/")["owner"]["username"] == receiver


def second_call(stage: Stage, complaint: str) -> None:
    """She asks for a manager, is put on hold, and nobody comes back."""
    bob, alice = stage.desks("bob", "alice")
    said = {"direction": "inbound", "summary": "Where is my money?", "chase": True}
    bob.post(f"tickets/{complaint}/contacts/", **said)
    stage.sees(complaint, "bounced", "red", to=["maya", "dora"])

    bob.post("manager-requests/", ticket=complaint, reason="She has told it three times.")
    hold = bob.post(f"tickets/{complaint}/holds/", kind="call", reason="Looking for a manager.")["id"]
    stage.hears(complaint, "manager_asked", to=["maya"])
    stage.hears(complaint, "hold_return_due", to=["carol", "bob"], hold=hold)  # the owner, and who has the line
    stage.hears(complaint, "manager_asked", to=["dora"])
    stage.sees(complaint, "hold_overdue", "amber", to=["maya"])
    stage.hears(complaint, "manager_calls_back", to=["bob", "carol"])
    stage.sees(complaint, "cold_transfer", "red", to=["maya", "dora"])  # Carol has not said a word to her
    stage.sees(complaint, "manager_asked", "amber", to=["maya"])
    stage.hears(complaint, "promise_due_soon", to=["carol", "maya"])

    # Red while she is still on hold: somebody could go back to her now.
    stage.sees(complaint, "hold_overdue", "red", to=["maya", "dora"])
    assert [each["ended_at"] for each in outcome.holds(stage, complaint)] == [None]

    # Nobody does. The promised call-back is not made either, and it all goes up.
    stage.sees(complaint, "manager_asked", "red", to=["maya", "dora"])
    stage.hears(complaint, "manager_asked", to=["petra"])
    stage.sees(complaint, "promise_broken", "amber", to=["maya"])
    stage.hears(complaint, "flag_climbed", to=["petra"], flag_kind="bounced")
    stage.sees(complaint, "abandoned_on_hold", "red", to=["maya", "dora"])
    stage.sees(complaint, "promise_broken", "red", to=["maya", "dora"])
    bob.post(f"holds/{hold}/end/", how="caller_hung_up")
    stage.sees_no_more(complaint, "hold_overdue")

    alice.post(f"tickets/{complaint}/contacts/", direction="inbound", channel="email", chase=True)
    stage.sees(complaint, "repeat_contact", "amber", to=["maya"])
    assert [each["how"] for each in outcome.holds(stage, complaint)] == ["caller_hung_up"]


def third_call(stage: Stage, complaint: str) -> None:
    """She is hung up on; no clock has to run for that to be red."""
    alice = stage.people["alice"]
    alice.post(f"tickets/{complaint}/contacts/", direction="inbound", summary="The third time!", chase=True)
    assert stage.flags(complaint)["repeat_contact"] == "red"

    hold = alice.post(f"tickets/{complaint}/holds/", kind="call")["id"]
    alice.post(f"holds/{hold}/end/", how="dropped_by_us")
    assert stage.flags(complaint)["dropped_by_us"] == "red"
    stage.sees(complaint, "repeat_contact", "red", to=["maya", "dora"])
    stage.sees(complaint, "dropped_by_us", "red", to=["maya", "dora"])


def put_right(stage: Stage, complaint: str) -> None:
    """But this time somebody has been told: the manager calls her, takes it over, and solves it."""
    maya = stage.people["maya"]
    flags = {flag["kind"]: flag["id"] for flag in maya.get("flags/?team=billing")["results"]}
    maya.post(f"flags/{flags['dropped_by_us']}/take-on/")
    (wanted,) = maya.get(f"manager-requests/?ticket={complaint}")["results"]
    maya.post(f"manager-requests/{wanted['id']}/answer/", answer="I have apologised, and stay on it until it is paid.")
    stage.hears(complaint, "manager_answered", to=["bob", "carol"], by="maya")
    stage.sees_no_more(complaint, "manager_asked")

    maya.post(f"tickets/{complaint}/take-over/", reason="She was passed around long enough.")
    stage.hears(complaint, "taken_over", to=["carol"], by="maya")
    stage.sees(complaint, "hot_potato", "red", to=["maya", "dora"])  # the fourth owner in a day, and the last
    maya.post(f"tickets/{complaint}/contacts/", direction="outbound", summary="The bank has returned the money.")
    stage.sees_no_more(complaint, "cold_transfer")

    for promise in outcome.open_promises(stage, complaint):
        maya.post(f"promises/{promise}/keep/")
    solved = {"resolution": "Paid back.", "root_cause": "double_booking", "customer_agreed": True}
    maya.post(f"tickets/{complaint}/resolve/", **solved)
    assert maya.post(f"tickets/{complaint}/close/", outcome="resolved")["status"] == "closed"

    maya.post(f"flags/{flags['hot_potato']}/false-alarm/", note="I took it over to end that.")
    for flag in maya.get("flags/?team=billing")["results"]:
        maya.post(f"flags/{flag['id']}/close/", note="Talked it through with all three, and with her.")


def told_as_it_happened(stage: Stage, complaint: str) -> None:
    """Each flag has taken its steps once, and the timeline tells them where they belong in the story."""
    assert outcome.steps_of_flags(stage, complaint) == {
        "unacknowledged": ["amber", "red"],
        "bounced": ["amber", "red"],
        "hot_potato": ["amber", "red"],
        "cold_transfer": ["red"],
        "hold_overdue": ["amber", "red"],
        "manager_asked": ["amber", "red"],
        "promise_broken": ["amber", "red"],
        "abandoned_on_hold": ["red"],
        "repeat_contact": ["amber", "red"],
        "dropped_by_us": ["red"],
    }
    lines = [line for line in outcome.lines(stage, complaint) if line in STORY]
    assert lines == STORY


def chain_is_proven(stage: Stage, complaint: str) -> None:
    """Who owned it when, without a gap, with every hold in it and how it ended."""
    chain = outcome.chain(stage, complaint)
    assert chain["verified"] is True
    assert [tenure["owner"]["username"] for tenure in chain["tenures"]] == ["alice", "bob", "carol", "maya"]
    assert [tenure["began_by"] for tenure in chain["tenures"]] == ["opened", "accepted", "accepted", "taken_over"]
    assert [hold["how"] for hold in outcome.holds(stage, complaint)] == ["caller_hung_up", "dropped_by_us"]
    assert outcome.open_promises(stage, complaint) == []
    assert stage.flags(complaint) == {}


# What people did, and the flags between it whose place is sure.
STORY = [
    "alice opened",
    "unacknowledged amber",
    "unacknowledged red",
    "alice acknowledged",
    "alice handoff_offered",
    "bob handoff_accepted",
    "bob handoff_offered",
    "carol handoff_accepted",
    "bounced amber",
    "hot_potato amber",
    "carol handoff_requested",
    "maya handoff_refused",
    "bob contact",
    "bounced red",
    "bob manager_asked",
    "bob hold_started",
    "hold_overdue amber",
    "hold_overdue red",
    "abandoned_on_hold red",
    "bob hold_ended",
    "alice contact",
    "repeat_contact amber",
    "alice contact",
    "repeat_contact red",
    "alice hold_started",
    "alice hold_ended",
    "dropped_by_us red",
    "maya flag_taken_on",
    "maya contact",
    "maya promise_kept",
    "maya manager_answered",
    "maya taken_over",
    "hot_potato red",
    "maya contact",
    *["maya promise_kept"] * 3,
    "maya resolved",
    "maya closed",
    *["maya flag_closed"] * 6,
]
