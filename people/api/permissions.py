"""What a token may be used for, and which roles may change what at all.

What a person may do with one ticket is decided in `tickets.permissions`.
"""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from people.roles import Role


class WithinScopes(BasePermission):
    """Let in who has signed in, within the scopes of their token and with a role that may write here.

    A view names its `scope` (None: for everybody who has signed in) and its `writers`.
    """

    message = "Your token or your role does not reach that far."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether the request may go on; 401 when nobody has signed in, 403 when it may not."""
        if not request.user.is_authenticated:
            return False
        person, token = request.user, request.auth
        reads = request.method in SAFE_METHODS
        if not reads and person.role not in view.writers:
            return False
        limited = bool(token.scopes) or person.role == Role.INTEGRATION
        return not limited or view.scope is None or f"{view.scope}:{'read' if reads else 'write'}" in token.scopes
