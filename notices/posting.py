"""One POST over HTTP to an address that was checked: no redirects, no proxies, little time, a short answer."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException

from notices.addresses import Place
from notices.errors import Undelivered

CONNECT, READ, WHOLE = 3, 5, 10  # seconds: for each address, for each silence, for all of it
ADDRESSES = 2  # how many of a host's addresses are tried


class Pinned(HTTPConnection):
    """A connection to a checked address, under the name by which it is known."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=READ)
        self.place = place

    def connect(self) -> None:
        """Connect to one of the checked addresses; TLS is for the name. Raises OSError."""
        self.sock = _connected(self.place)
        if self.place.scheme == "https":
            context = ssl.create_default_context()
            # Shake hands only once `sock` is the new socket: whoever hangs up must find the one in use.
            self.sock = context.wrap_socket(self.sock, server_hostname=self.place.host, do_handshake_on_connect=False)
            self.sock.do_handshake()


def _connected(place: Place) -> socket.socket:
    problem: OSError = OSError("no address")
    for address in place.addresses[:ADDRESSES]:
        try:
            connected = socket.create_connection((address, place.port), timeout=CONNECT)
        except OSError as error:
            problem = error
        else:
            connected.settimeout(READ)
            return connected
    raise problem


@contextlib.contextmanager
def _no_longer_than(seconds: float, connection: HTTPConnection) -> Iterator[None]:
    """Hang up after so many seconds: a time-out of the socket alone would let a byte a second go on for hours."""

    def hang_up() -> None:
        if connection.sock is not None:
            with contextlib.suppress(OSError):  # it may have ended by itself just now
                # Not SSLSocket's own, which would take TLS away from under the reader.
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def post(place: Place, body: bytes, headers: dict[str, str]) -> int:
    """Send a body and return the status of the answer; nothing else of the answer is read.

    Raises Undelivered when there is no answer.
    """
    connection = Pinned(place)
    try:
        with _no_longer_than(WHOLE, connection):
            connection.request("POST", place.path, body, {**headers, "Host": place.name, "Connection": "close"})
            return connection.getresponse().status
    except TimeoutError as error:
        raise Undelivered("it did not answer in time", silent=True) from error
    except ssl.SSLError as error:
        raise Undelivered(f"its certificate or TLS is not in order: {error.reason}", silent=True) from error
    except (OSError, HTTPException) as error:
        raise Undelivered(f"no answer: {type(error).__name__}", silent=True) from error
    finally:
        connection.close()
