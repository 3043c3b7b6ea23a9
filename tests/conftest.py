"""What every test starts from."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No cached token, no count of requests is left from the test before."""
    cache.clear()
