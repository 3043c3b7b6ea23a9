"""The story that the product exists for, end to end."""

import pytest

# What they assert says as much when it fails as what a test asserts.
pytest.register_assert_rewrite("tests.story.line", "tests.story.meanwhile", "tests.story.outcome", "tests.story.stage")
