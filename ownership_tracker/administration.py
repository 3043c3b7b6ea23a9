"""Django's admin as an app of ours: our site, and the pages of our apps only."""

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig

# From below: the floors above add what they know to the pages of those below.
APPS = ("people", "notices", "tickets", "phones", "handoffs", "web")


class Administration(SimpleAdminConfig):
    """Not autodiscovered: the libraries have pages too, which change what verbs of ours look after."""

    default_site = "ownership_tracker.admin_site.Site"

    def ready(self) -> None:
        """Register the pages."""
        super().ready()
        for app in APPS:
            import_module(f"{app}.admin")
