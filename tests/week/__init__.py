"""Simulated weeks of a team at work, played through the product's own verbs, clock and sweeps.

`rates` is how often what happens, and why; `desk` who there is; `stage` the clock, with the sweeps at their
beat; `life` one complaint, `complaints` what happens to it, `days` what people do all day; `simulation` plays.
"""
