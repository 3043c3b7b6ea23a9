"""The app of the screens."""

from django.apps import AppConfig


class Web(AppConfig):
    """Pages for people; programs use the API."""

    name = "web"
