"""A contact centre that is played: an hour of calls, reported to a running server, which is then held to them."""
