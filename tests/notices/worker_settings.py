"""The product's own settings for a worker that a test starts: webhooks may be on 127.0.0.1."""

from ownership_tracker.settings import *  # noqa: F403 - everything else as it is

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WEBHOOK_ALLOW_PRIVATE = True
