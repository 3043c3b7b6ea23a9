"""Where a webhook may not be."""

import socket
from ipaddress import ip_address

import pytest

from notices.addresses import check, is_public, look_up, resolve
from notices.errors import NotAllowedThere, Undelivered

PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds tell a machine its own secrets
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456:789a::1",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "100::1",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_none_of_the_internet(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_it_is_refused(address: str) -> None:
    with pytest.raises(Undelivered, match="private network"):
        look_up("https://crm.example/", allow_private=False, resolver=lambda host, port: [address])


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(Undelivered, match="private network"):
        look_up("https://crm.example/", allow_private=False, resolver=lambda host, port: ["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "0", "127.0.0.1.", "LOCALHOST"],
)
def test_another_spelling_of_our_own_machine_is_refused(host: str) -> None:
    with pytest.raises((NotAllowedThere, Undelivered)):
        look_up(f"https://{host}/", allow_private=False, resolver=resolve)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "169.254.169.254"]
)
def test_a_private_address_is_refused_when_it_is_set_up(host: str) -> None:
    with pytest.raises(NotAllowedThere):
        check(f"https://{host}/hooks", allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/",
        "ftp://crm.example/",
        "file:///etc/passwd",
        "gopher://crm.example/",
        "//crm.example/",
        "crm.example",
        "",
        "https://",
        "https:///hooks",
        "https://user@crm.example/",
        "https://user:secret@crm.example/",
        "https://crm.example:0/",
        "https://crm.example:99999/",
        "https://crm.example:port/",
        "https://[::1/",
        "https://crm.example/a b",
        "https://crm.example/\r\nHost: other",
        "https://crm.example/\x00",
        "https://münchen.example/",
        "https://" + "a" * 64 + ".example/",
        "https://a..b/",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(NotAllowedThere):
        check(url, allow_private=False)


def test_what_is_connected_to_is_what_was_checked() -> None:
    place = look_up(
        "https://crm.example:8443/a/b?c=d", allow_private=False, resolver=lambda host, port: ["8.8.8.8", "8.8.4.4"]
    )
    assert (place.addresses, place.name, place.path) == (("8.8.8.8", "8.8.4.4"), "crm.example:8443", "/a/b?c=d")


def test_the_usual_port_goes_without_saying() -> None:
    place = look_up("https://crm.example", allow_private=False, resolver=lambda host, port: [f"8.8.8.{port % 256}"])
    assert (place.port, place.name, place.path, place.addresses) == (443, "crm.example", "/", ("8.8.8.187",))


def test_a_name_without_an_address_is_tried_again_later() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(Undelivered, match="has no address") as failed:
        look_up("https://crm.example/", allow_private=False, resolver=unknown)
    assert not failed.value.final
