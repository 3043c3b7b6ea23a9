"""The demonstration: three weeks of a contact centre that never was, played through the product's own verbs.

`company` and `callers` are who there is, `complaints` and `phrases` what they say, `stage` the clock, `life`
what can happen to one complaint, the plots (`everyday`, `troubles`, `endings`, `last_hours`, `story`) what
does happen, `weeks` how often and when. `play.play` runs it all.
"""
