"""Who may read what is not everybody's."""

from typing import Any

from rest_framework.request import Request

from people.api.permissions import WithinScopes


class ForItsReaders(WithinScopes):
    """As everywhere, but reading too is only for the roles that the view names as its `readers`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether the request may go on."""
        return super().has_permission(request, view) and request.user.role in view.readers
