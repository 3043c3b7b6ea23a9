"""Asterisk's channels: which are whose, and which are connected with each other. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Self

# Where the name of a telephone's account is its extension, as most installations have it.
USUAL = r"(?:PJSIP|SIP|IAX2|SCCP)/(\d{2,6})"
LOCAL = "Local/"
# Whoever is parked or waits for a call shares such a bridge with others, and hears none of them.
NOBODY_TALKS = "holding_bridge"


@dataclass(frozen=True)
class Plan:
    """Which channels lead outside, and whose the others are.

    trunks: names without the number of the call, as a shell matches them: PJSIP/pstn, DAHDI/i1/*.
    extensions: by such a name, whose channel that is; patterns: expressions whose group is the extension.
    """

    trunks: tuple[str, ...]
    extensions: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[re.Pattern[str], ...] = (re.compile(USUAL),)

    @classmethod
    def of(cls, trunks: Sequence[str], agents: Sequence[str]) -> Self:
        r"""Return the plan that an operator wrote: agents as PJSIP/anna=101, or as PJSIP/desk(\d+).

        Raises ValueError with what is wrong.
        """
        if not trunks:
            raise ValueError("Say which channels the customers come in on, such as PJSIP/pstn.")
        pairs = [each.rpartition("=") for each in agents if "=" in each]
        try:
            patterns = [re.compile(each) for each in agents if "=" not in each]
        except re.error as problem:
            raise ValueError(f"{problem.pattern!r} is no regular expression: {problem}.") from problem
        for each in patterns:
            if each.groups != 1:
                raise ValueError(f"{each.pattern!r} must have one group, the extension: PJSIP/desk(\\d+).")
        plan = cls(tuple(trunks), {name.strip(): extension.strip() for name, _, extension in pairs})
        return cls(plan.trunks, plan.extensions, tuple(patterns)) if patterns else plan

    def is_trunk(self, leg: "Leg") -> bool:
        """Say whether a channel leads outside."""
        return any(fnmatchcase(leg.device, trunk) for trunk in self.trunks)

    def agent(self, telephone: str) -> str:
        """Return the extension of a telephone (PJSIP/anna); "" when it is nobody's."""
        fits = (pattern.fullmatch(telephone) for pattern in self.patterns)
        return self.extensions.get(telephone) or next((match[1] for match in fits if match), "")

    def extension(self, leg: "Leg") -> str:
        """Return whose channel that is; failing that the number that it was to reach, or its own."""
        dialled = leg.device.removeprefix(LOCAL).partition("@")[0] if leg.is_local else ""
        return self.agent(leg.device) or dialled or leg.number or leg.device


@dataclass
class Leg:
    """A channel. number: the caller id of whoever is at its end. bridge: where it is connected; "" nowhere."""

    id: str
    name: str
    linked: str
    number: str = ""
    bridge: str = ""

    @property
    def device(self) -> str:
        """The name without the number of the call: PJSIP/pstn of PJSIP/pstn-00000030."""
        return self.name.rpartition("-")[0] or self.name

    @property
    def is_local(self) -> bool:
        """Whether it is one half of a pair inside Asterisk, with nobody at its end."""
        return self.name.startswith(LOCAL)


class Board:
    """Every channel that has been heard of and not hung up, and the bridges that connect them."""

    def __init__(self) -> None:
        self.legs: dict[str, Leg] = {}
        self._named: dict[str, str] = {}
        self._bridges: dict[str, dict[str, None]] = {}

    def know(self, raw: Mapping[str, str], prefix: str = "") -> tuple[Leg, bool]:
        """Return the channel that an event speaks of (under a prefix), as it is now, and whether it is new."""
        id_, name, linked = (raw.get(prefix + key, "") for key in ("Uniqueid", "Channel", "Linkedid"))
        known = self.legs.get(id_)
        leg = known or Leg(id_, name, linked)
        self._named.pop(leg.name, None)
        leg.name, leg.linked = name or leg.name, linked or leg.linked
        leg.number = said(raw, prefix + "CallerIDNum") or leg.number
        if id_:
            self.legs[id_] = leg
            self._named[leg.name] = id_
        return leg, known is None

    def enter(self, leg: Leg, bridge: str) -> bool:
        """Put a channel into a bridge ("" is none); False when it is in none, or has been there all the time."""
        if leg.bridge == bridge:
            return False
        self.leave(leg)
        if not bridge:
            return False
        leg.bridge = bridge
        self._bridges.setdefault(bridge, {})[leg.id] = None
        return True

    def leave(self, leg: Leg) -> None:
        """Take a channel out of its bridge."""
        inside = self._bridges.get(leg.bridge, {})
        inside.pop(leg.id, None)
        if not inside:
            self._bridges.pop(leg.bridge, None)
        leg.bridge = ""

    def forget(self, leg: Leg) -> None:
        """Take a channel away: it has hung up."""
        self.leave(leg)
        self.legs.pop(leg.id, None)
        self._named.pop(leg.name, None)

    def connected(self, leg: Leg) -> list[Leg]:
        """Return the channels that hear a channel, through pairs of Local channels too; who came last is last."""
        reached, ahead = {leg.id: leg}, [leg]
        while ahead:
            here = ahead.pop()
            other_half = self._named.get(here.name[:-1] + {"1": "2", "2": "1"}.get(here.name[-1:], "")) or ""
            next_to = [*self._bridges.get(here.bridge, {}), *([other_half] if here.is_local else [])]
            for id_ in next_to:
                if id_ in self.legs and id_ not in reached:
                    reached[id_] = self.legs[id_]
                    ahead.append(self.legs[id_])
        return [each for id_, each in reached.items() if id_ != leg.id]


def said(raw: Mapping[str, str], key: str) -> str:
    """Return what an event says under a key; "" where Asterisk says that it does not know."""
    value = raw.get(key, "")
    return "" if value == "<unknown>" else value
