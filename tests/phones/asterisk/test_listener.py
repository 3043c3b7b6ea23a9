"""`manage.py listen_asterisk`: a real Asterisk manager socket on one side, a tracker that serves on the other."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from phones.models import Call, Conclusion, PhoneEvent, Source
from tests.phones.asterisk.conftest import Line
from tests.phones.asterisk.exchange import Exchange
from tests.phones.asterisk.listening import listening
from tests.phones.asterisk.test_gaps import shown


def just_now() -> datetime:
    """Return a time at which a story of two minutes may have begun."""
    return timezone.now() - timedelta(minutes=2)


def lost_on_hold(began: datetime) -> Exchange:
    """A customer who was put on hold, and hung up."""
    exchange = Exchange(began)
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.at(80).hang_up(caller, anna)
    return exchange


def test_what_asterisk_says_is_a_call_in_the_tracker(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        line.manager.say(lost_on_hold(just_now()).events)
        listener.wait_for(Conclusion.objects.exists)
    call = Call.objects.get()
    assert (call.number, call.ended_by, call.told["agent"]) == ("+12125550100", "caller", "101")
    assert [conclusion.cause for conclusion in call.conclusions.all()] == ["held_caller_hung_up"]
    assert Source.objects.get().refused == 0


def test_an_unhold_is_reported_although_nothing_comes_after_it(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = Exchange(just_now())
    _, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.at(30).unhold(anna)
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        line.manager.say(exchange.events)
        listener.wait_for(PhoneEvent.objects.filter(type="call.unheld").exists)


def test_asterisk_restarts_in_the_middle(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = lost_on_hold(just_now()), lost_on_hold(just_now() + timedelta(seconds=1))
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        # It goes away while the customer is on hold.
        line.manager.say(before.events[:-3])
        listener.wait_for(PhoneEvent.objects.filter(type="call.held").exists)
        line.manager.stop()
        listener.wait_for(lambda: "asterisk_lost" in listener.said())
        line.manager.start()
        line.manager.wait_for_listener()
        line.manager.say(before.events)  # of a call that has gone with it, nothing is believed any more
        line.manager.say(after.events)
        listener.wait_for(Conclusion.objects.exists)
    gone, lost = Call.objects.order_by("began_at")
    assert (gone.ended_by, gone.conclusions.count()) == ("unknown", 0)
    assert (lost.ended_by, lost.conclusions.get().cause) == ("caller", "held_caller_hung_up")
    types = list(PhoneEvent.objects.filter(call=lost).order_by("occurred_at").values_list("type", flat=True))
    assert types == [f"call.{each}" for each in ("ringing", "queued", "ringing", "answered", "held", "ended")]
    assert Source.objects.get().refused == 0


def test_a_call_goes_on_while_the_line_to_asterisk_is_cut(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = Exchange(just_now())
    caller, anna = exchange.talk()
    line.manager.channels = [shown(caller, "talk"), shown(anna, "talk")]
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        line.manager.say(exchange.events)
        listener.wait_for(PhoneEvent.objects.filter(type="call.answered").exists)
        line.manager.stop()
        line.manager.start()
        line.manager.wait_for_listener()
        exchange.events.clear()
        exchange.at(60).hold(anna)
        exchange.at(90).hang_up(anna, caller)
        line.manager.say(exchange.events)
        listener.wait_for(Conclusion.objects.exists)
    assert Call.objects.get().conclusions.get().cause == "dropped_on_hold"


def test_what_happens_right_after_the_list_of_channels_is_not_gone(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.manager.after_list = lost_on_hold(just_now()).events
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        listener.wait_for(lambda: Call.objects.exclude(ended_at=None).exists())
    assert Call.objects.get().ended_by == "caller"


def test_who_may_not_ask_for_the_channels_listens_all_the_same(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.manager.channels = None
    exchange = Exchange(just_now())
    caller, _ = exchange.talk()
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        listener.wait_for(lambda: "the manager user has no write = reporting" in listener.said())
        line.manager.say(exchange.events)
        listener.wait_for(PhoneEvent.objects.filter(type="call.answered").exists)
        line.manager.stop()
        # Unheard, Ben takes the call.
        ben = exchange.channel("PJSIP/ben", caller)
        exchange.events.clear()
        exchange.at(60).rings(caller, "PJSIP/desk207")
        exchange.at(61).hold(ben)
        exchange.at(90).hang_up(caller, ben)
        line.manager.start()
        line.manager.wait_for_listener()
        # Its refusal is heeded a moment after it was said.
        listener.wait_for(lambda: listener.said().count("the manager user has no write = reporting") == 2)
        line.manager.say(exchange.events)
        listener.wait_for(Conclusion.objects.exists)
    assert [spell["by"] for spell in Call.objects.get().told["spells"]] == ["102"]


def test_the_tracker_is_down_for_a_while(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line.door.shut()
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        line.manager.say(lost_on_hold(just_now()).events)
        listener.wait_for(lambda: "events_wait" in listener.said())
        assert not Call.objects.exists()
        line.door.open()
        listener.wait_for(Conclusion.objects.exists)
    assert (Call.objects.count(), PhoneEvent.objects.count()) == (1, 6)


def test_what_waited_is_not_lost_when_the_listener_is_killed(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.door.shut()
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        line.manager.say(lost_on_hold(just_now()).events)
        listener.wait_for(lambda: '"waiting": 6' in listener.said())
        listener.kill()
    line.door.open()
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        listener.wait_for(Conclusion.objects.exists)
    assert (Call.objects.count(), PhoneEvent.objects.count(), Source.objects.get().refused) == (1, 6, 0)


def test_a_full_spool_drops_the_oldest_and_says_so(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.door.shut()
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch, "--spool-events=4") as listener:
        line.manager.wait_for_listener()
        line.manager.say(lost_on_hold(just_now()).events)
        listener.wait_for(lambda: "spool_full" in listener.said())
        line.door.open()
        listener.wait_for(lambda: Call.objects.exclude(ended_at=None).exists())
    assert '"dropped": 2' in listener.said()
    types = PhoneEvent.objects.order_by("occurred_at").values_list("type", flat=True)
    assert list(types) == [f"call.{each}" for each in ("ringing", "answered", "held", "ended")]


def test_a_wrong_secret_is_said_at_once(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line.manager.secret = "another one"
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        listener.wait_for(lambda: listener.process.poll() is not None)
    assert listener.process.returncode == 1
    assert f"Asterisk at 127.0.0.1:{line.manager.port} does not let “tracker” in: Authentication failed" in (
        listener.said()
    )
    assert line.manager.logins == [False]


def test_a_secret_that_changes_later_is_tried_until_it_is_right(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = line.manager.secret
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        line.manager.secret = "another one"
        line.manager.stop()
        line.manager.start()
        listener.wait_for(lambda: "asterisk_refused" in listener.said())
        line.manager.secret = right
        line.manager.wait_for_listener()
    assert line.manager.logins[0]
    assert not line.manager.logins[1]
    assert line.manager.logins[-1]


def test_a_token_that_the_tracker_does_not_know_keeps_events_until_it_does(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Source.objects.update(active=False)
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        line.manager.say(lost_on_hold(just_now()).events)
        listener.wait_for(lambda: "it does not know the token, or the source is switched off" in listener.said())
        Source.objects.update(active=True)
        listener.wait_for(Conclusion.objects.exists)


def test_two_listeners_do_not_share_a_spool(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch):
        line.manager.wait_for_listener()
        with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as second:
            second.wait_for(lambda: second.process.poll() is not None)
        assert second.process.returncode == 1
        assert "another listener uses it" in second.said()
