"""Meanwhile, in Logistics: what else only time reveals. Each scene has a complaint of its own; all run at once."""

from tests.cast import PACKET, READ_BACK
from tests.story.stage import HOUR, Stage, in_seconds

LIVE = {"reason": "skill", "on_call": True, **{name: PACKET[name] for name in ("need", "next_action")}}


def somebody_covers(stage: Stage) -> None:
    """Luis goes to lunch. Lena is told what he would be told, keeps his promise, too late; he still owns it."""
    luis, lena, lars = stage.desks("luis", "lena", "lars")
    cover = luis.post("covers/", covering="lena", until=in_seconds(HOUR))["id"]
    stage.hears(f"cover {cover}", "cover_asked", to=["lena"])
    lena.post(f"covers/{cover}/accept/")
    stage.hears(f"cover {cover}", "cover_accepted", to=["luis"])

    ticket = stage.acknowledged("luis", team="logistics", promised=8)
    stage.hears(ticket, "promise_due_soon", to=["luis"])
    told = [notice for notice in lena.get("notices/")["results"] if notice["about"] == ticket]
    assert [(notice["kind"], notice["payload"]["covering_for"]) for notice in told] == [("promise_due_soon", "luis")]
    (promise,) = (each["number"] for each in lena.get(f"covers/{cover}/due/")["results"] if each["ticket"] == ticket)
    stage.sees(ticket, "promise_broken", "amber", to=["lars"])
    flag = stage.sees(ticket, "promise_broken", "red", to=["lars"])
    lena.post(f"tickets/{ticket}/contacts/", direction="outbound", summary="Luis is away; I have called her instead.")
    assert lena.post(f"promises/{promise}/keep/")["state"] == "kept"
    lars.post(f"flags/{flag}/take-on/")
    lars.post(f"flags/{flag}/close/", note="Luis leaves no promise behind over lunch any more.")

    luis.post(f"covers/{cover}/end/")
    stage.hears(f"cover {cover}", "cover_ended", to=["lena"])
    assert lena.get(f"tickets/{ticket}/")["owner"]["username"] == "luis"


def nobody_covers(stage: Stage) -> None:
    """Luis does not say whether he would cover Lena: that ends by itself."""
    lena = stage.people["lena"]
    cover = lena.post("covers/", covering="luis", until=in_seconds(3))["id"]
    stage.hears(f"cover {cover}", "cover_ended", how="unanswered", to=["lena", "luis"])


def a_packet_is_owed(stage: Stage) -> None:
    """Luis hands on with the customer on the line, and forgets the rest of it; then he gets it back."""
    luis, lena, lars = stage.desks("luis", "lena", "lars")
    ticket = stage.acknowledged("luis", team="logistics")
    handoff = luis.post(f"tickets/{ticket}/handoffs/", to="lena", **LIVE)["id"]
    taken = {"read_back": READ_BACK, "next_contact_at": in_seconds(HOUR)}
    lena.post(f"handoffs/{handoff}/accept/", **taken)
    stage.hears(ticket, "handoff_live", to=["lars"], receiver="lena")
    stage.sees(ticket, "packet_owed", "amber", to=["lars"])
    stage.sees(ticket, "packet_owed", "red", to=["lars"])
    owed = {name: PACKET[name] for name in ("expectation", "history")}
    luis.post(f"handoffs/{handoff}/complete/", **owed)
    stage.hears(ticket, "handoff_completed", to=["lena"])
    stage.sees_no_more(ticket, "packet_owed")

    back = lena.post(f"tickets/{ticket}/handoffs/", to="luis", reason="customer_asked", urgency="now", **PACKET)["id"]
    luis.post(f"handoffs/{back}/accept/", **taken)
    luis.post(f"tickets/{ticket}/contacts/", direction="outbound", summary="It is me again.")
    flag = stage.sees(ticket, "ping_pong", "amber", to=["lars"])
    lars.post(f"flags/{flag}/close/", note="She had asked for Luis.")


def a_question_is_not_answered(stage: Stage) -> None:
    """Lena asks Luis something, and waits."""
    lena, luis = stage.desks("lena", "luis")
    ticket = stage.acknowledged("lena", team="logistics")
    asked = {"asked": "luis", "question": "Which carrier had it last?", "answer_by": in_seconds(3)}
    question = lena.post(f"tickets/{ticket}/help-requests/", **asked)["id"]
    stage.hears(ticket, "help_asked", to=["luis"])
    stage.sees(ticket, "help_unanswered", "amber", to=["lars"])
    luis.post(f"help-requests/{question}/answer/", answer="The one with the blue vans.")
    stage.hears(ticket, "help_answered", to=["lena"])
    stage.sees_no_more(ticket, "help_unanswered")


def nobody_wants_it(stage: Stage) -> None:
    """Luis does not answer Lena's offer, then says no, and no again; their manager ends that."""
    lena, luis, lars = stage.desks("lena", "luis", "lars")
    ticket = stage.acknowledged("lena", team="logistics")
    lena.post(f"tickets/{ticket}/handoffs/", to="luis", **LIVE)
    expired = stage.hears(ticket, "handoff_expired", to=["lena", "luis"], cause="not_answered")
    assert expired["try"] not in ("lena", "luis")
    stage.hears(ticket, "manager_called", to=["lars"], refusals=1)
    for refusals, level in ((2, "amber"), (3, "red")):
        offer = lena.post(f"tickets/{ticket}/handoffs/", to="luis", reason="skill", urgency="now", **PACKET)["id"]
        luis.post(f"handoffs/{offer}/decline/", reason="I know nothing about invoices.")
        stage.hears(ticket, "manager_called", to=["lars"], refusals=refusals)
        flag = stage.sees(ticket, "refused", level, to=["lars"])
    lars.post(f"tickets/{ticket}/take-over/", reason="Neither of you can solve this.")
    lars.post(f"tickets/{ticket}/contacts/", direction="outbound", summary="I am the one to call from now on.")
    lars.post(f"flags/{flag}/false-alarm/", note="Luis was right: it is not ours to solve.")


def a_return_passes(stage: Stage) -> None:
    """Lena puts a complaint on hold, and comes back to it later than she has promised."""
    lena = stage.people["lena"]
    ticket = stage.acknowledged("lena", team="logistics")
    hold = lena.post(f"tickets/{ticket}/holds/", kind="ticket", reason="The carrier looks.", return_by=in_seconds(3))
    stage.sees(ticket, "hold_overdue", "amber", to=["lars"])
    lena.post(f"holds/{hold['id']}/end/", how="returned")
    stage.sees_no_more(ticket, "hold_overdue")


SCENES = (
    somebody_covers,
    nobody_covers,
    a_packet_is_owed,
    a_question_is_not_answered,
    nobody_wants_it,
    a_return_passes,
)
