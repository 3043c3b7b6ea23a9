"""A worker that is killed in the middle of its work: whoever comes next does it, and does it once."""

import os
import signal

import pytest
from django.db import transaction

from notices import outbox
from notices.models import Notice
from tests.faults.duties import about_to_rise, after, fall_due, seen, tickets_fall_due
from tests.faults.world import World
from tickets.models import Entry

pytestmark = pytest.mark.xdist_group("faults")


def test_in_the_middle_of_a_sweep(world: World) -> None:
    worker, due = world.installation.worker, after(2)
    rising = about_to_rise(world.cast, due=due)
    fell_due = tickets_fall_due(world.cast, due=due, each=5)
    with world.locked("tickets_flag", rising.pk) as holder:
        assert after(0) < due, "too slow: it was due before it was locked"
        world.wait_until_waits(holder, "UPDATE")
        worker.kill()
        # All that one sweep judges is one transaction.
        assert not any(seen([duty]) for duty in fell_due)
    worker.start()
    world.wait_until_seen(fell_due)
    world.assert_all_is_well(fell_due)
    assert Entry.objects.filter(kind="flag_rose", data__flag=rising.pk).count() == 1


def test_while_a_sweep_commits(world: World) -> None:
    """The database still commits, and nobody is told: whoever comes next must find that it has been done."""
    worker = world.installation.worker
    # A notice names its receiver by a key that is checked at the commit.
    with world.locked("people_person", world.cast.maya.pk) as holder:
        fell_due = tickets_fall_due(world.cast, due=after(0), each=5)
        world.wait_until_waits(holder, "COMMIT")
        worker.kill()
        assert not any(seen([duty]) for duty in fell_due)
    world.wait_until_seen(fell_due)
    worker.start()
    world.assert_all_is_well(fell_due)


def test_one_of_its_processes(world: World) -> None:
    """What a machine without memory does. The worker itself lives, and starts others."""
    worker, due = world.installation.worker, after(2)
    victims = worker.children
    rising = about_to_rise(world.cast, due=due)
    with world.locked("tickets_flag", rising.pk) as holder:
        world.wait_until_waits(holder, "UPDATE")
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
    fell_due = fall_due(world.cast, due=after(0))
    world.wait_until_seen(fell_due)
    world.assert_all_is_well(fell_due)
    assert not set(victims) & set(worker.children)


def test_in_the_middle_of_a_delivery(world: World) -> None:
    """A letter and a message have arrived, and nobody has noted it: they come again, as they were."""
    worker, letters, receiver = world.installation.worker, world.letters, world.receiver
    had_letters, had_messages = len(letters.ids), len(receiver.received)
    letters.answering.clear()
    receiver.answering.clear()
    try:
        outbox.queue_mail("receipt", address="one@example.com", about="letter", owner="Alice")
        world.installation.wait_until(lambda: len(letters.ids) > had_letters, "the letter has arrived")
        with transaction.atomic():  # for webhooks only, as Bob has not asked for it
            outbox.queue("handoff_live", to=[world.cast.bob], about="message")
        world.installation.wait_until(lambda: len(receiver.received) > had_messages, "the message has arrived")
        worker.kill()
    finally:
        letters.answering.set()
        receiver.answering.set()
    letter = Notice.objects.filter(about="letter")
    message = Notice.objects.filter(about="message", person=None)
    assert list((letter | message).values_list("state", "attempts")) == [("queued", 0)] * 2
    worker.start()
    world.assert_all_is_well([])
    assert list((letter | message).values_list("state", "attempts")) == [("delivered", 1)] * 2
    assert letters.ids.count(str(letter.get().pk)) == 2
    assert [each.id for each in receiver.received].count(str(message.get().pk)) == 2
