"""Where a webhook may be: anywhere in public, nowhere in our own networks.

Whoever may set up a webhook could otherwise have our server call what only our server reaches: a database,
a router, a cloud's own metadata. A name is looked up when a message is sent, and the very addresses that
were checked are the ones that are connected to, so a name that changes in between gains nothing.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from notices.errors import NotAllowedThere, Undelivered

Resolver = Callable[[str, int], list[str]]
Address = IPv4Address | IPv6Address
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Place:
    """Where to send a message: the addresses to connect to, and the names to use there."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, the preferred first. Raises OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def check(url: str, *, allow_private: bool) -> SplitResult:
    """Return the parts of a webhook's URL. Raises NotAllowedThere when no message could ever go there.

    allow_private: let in plain http and our own networks too, for tests and development.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        # What no server is called, and what would end the request's line.
        named = host and host.isprintable() and host.encode("idna") and url.isascii() and url.isprintable()
    except (ValueError, UnicodeError) as error:
        raise NotAllowedThere(url="That is no address that can be read.") from error
    if not named or host is None or " " in url or port == 0:
        raise NotAllowedThere(url="Give the address in ASCII characters, with a host: https://example.com/hooks.")
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise NotAllowedThere(url="Only https is spoken.")
    if parts.username is not None or parts.password is not None:
        raise NotAllowedThere(url="Put no user and no password into the address: messages are signed.")
    try:
        literal = ip_address(host)
    except ValueError:
        return parts
    if not (allow_private or is_public(literal)):
        raise NotAllowedThere(url="That is an address of a private network.")
    return parts


def look_up(url: str, *, allow_private: bool, resolver: Resolver = resolve) -> Place:
    """Return where to connect to for a webhook's URL. Raises Undelivered when that is nowhere in public."""
    try:
        parts = check(url, allow_private=allow_private)
    except NotAllowedThere as error:
        raise Undelivered("its address is not allowed") from error
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    try:
        addresses = resolver(host, port)
    except (OSError, UnicodeError) as error:
        raise Undelivered("its name has no address", silent=True) from error
    # One private address among public ones is an attempt: none of them is used.
    if not addresses or not (allow_private or all(is_public(ip_address(address)) for address in addresses)):
        raise Undelivered("its name leads into a private network")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, path, tuple(addresses))


def is_public(address: Address) -> bool:
    """Say whether an address is that of one machine on the Internet."""
    if isinstance(address, IPv6Address):
        # One that holds an IPv4 address leads wherever that one does; no receiver needs such a detour.
        holds_another = address.ipv4_mapped or address.sixtofour or address.teredo
        if holds_another or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
