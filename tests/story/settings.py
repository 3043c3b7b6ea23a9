"""The product's own settings for the story: a beat that strikes every second, live offers that wait for seconds."""

from datetime import timedelta

from handoffs import protocol
from tests.hasty_settings import *  # noqa: F403 - everything else as it is there

# The one limit in the story that is no threshold, so that no manager can set it over the API.
protocol.LIVE_OFFER = timedelta(seconds=5)
