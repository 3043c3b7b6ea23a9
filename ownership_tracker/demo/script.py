"""Which complaint comes next: like a deck of cards for each team, so that none comes twice in a row."""

import random

from ownership_tracker.demo.complaints import BY_TEAM, Complaint


class Script:
    """The decks."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._decks: dict[str, list[Complaint]] = {team: [] for team in BY_TEAM}

    def next(self, team: str) -> Complaint:
        """Return the next complaint that `team` could put right; a deck that is used up is shuffled anew."""
        deck = self._decks[team]
        if not deck:
            deck.extend(BY_TEAM[team])
            self._dice.shuffle(deck)
        return deck.pop()
