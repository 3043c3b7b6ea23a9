"""Sending a request twice without doing it twice: the Idempotency-Key header."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from people.errors import KeyReused
from people.models import IdempotencyKey
from people.transactions import in_transaction

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)


def once(request: Request, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what `work` answers, or, under a key that was used before, what it answered then.

    The key's row is written in the transaction of the work: whoever sends the same key at the same time
    waits for it and gets the first answer; when the first came to nothing, the second does the work.
    Only answers that succeeded are kept (a refusal rolls its key back), for a day. Raises KeyReused when
    the same key comes with another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        raise ValidationError({HEADER: "Give 1 to 200 printable ASCII characters."})
    seal = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).digest()

    def attempt() -> HttpResponse:
        IdempotencyKey.objects.filter(person=request.user, key=key, created_at__lt=timezone.now() - KEPT_FOR).delete()
        row, first = IdempotencyKey.objects.get_or_create(
            person=request.user, key=key, defaults={"request_digest": seal}
        )
        if not first:
            if bytes(row.request_digest) != seal:
                raise KeyReused
            return HttpResponse(
                row.body,
                status=row.status,
                content_type="application/json",
                headers={"Idempotency-Replayed": "true"},
            )
        response = work()
        content = JSONRenderer().render(response.data) if isinstance(response, Response) else response.content
        row.status, row.body = response.status_code, content.decode()
        row.save(update_fields=["status", "body"])
        return response

    return in_transaction(attempt)


def forget_old() -> int:
    """Delete the keys that are not kept any more, and return how many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
