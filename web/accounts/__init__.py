"""Signing in: django-allauth, as this product wants it. Pages about one's own account are in `web.accounts.page`."""
