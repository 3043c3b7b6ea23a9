"""What the managers do about the flags, on their rounds twice a day."""

import itertools

from ownership_tracker.demo import phrases
from ownership_tracker.demo.stage import Plot, Stage
from tickets import flags, looks
from tickets.kinds import FlagState, Level
from tickets.models import Flag


def rounds(stage: Stage, team: str) -> Plot:
    """Let a manager look at each new flag, say "I'm on it", and answer it on a later round.

    The last round is two working days ago: what was raised since then still waits for somebody.
    """
    manager = stage.manager(team)
    end = stage.before(team, stage.now, 1000)
    false_alarms = itertools.cycle((True, False))
    while stage.clock < end:
        mine = Flag.objects.filter(ticket__team=stage.company.teams[team], status__in=Flag.OPEN).order_by("pk")
        for flag in mine:
            looks.log(ticket=flag.ticket_id, person=manager.pk, at=stage.clock)
            if flag.status == FlagState.RAISED:
                flags.take_on(flag=flag.pk, by=manager, at=stage.clock)
            elif flag.level == Level.RED and next(false_alarms):
                flags.call_false_alarm(flag=flag.pk, by=manager, note=phrases.FALSE_ALARM, at=stage.clock)
            else:
                flags.close(flag=flag.pk, by=manager, note=phrases.FLAG_NOTES[flag.kind], at=stage.clock)
        yield stage.work(manager, 200, 330)
