"""Telephone systems are taken down, and what they are known by changes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from phones import errors, sources
from phones.models import Source
from tests.cast import Cast
from tests.phones.lines import source_of


def run(*said: str) -> dict[str, str]:
    """Return what the command prints: each thing by its name."""
    out = StringIO()
    call_command("phone_source", *said, stdout=out)
    return dict(line.split(" ") for line in out.getvalue().splitlines())


def test_the_command_takes_one_down(cast: Cast) -> None:
    printed = run("pbx", "--name", "The PBX", "--team", "billing", "--region", "us")
    source = Source.objects.get()
    assert (source.slug, source.name, source.team, source.region) == ("pbx", "The PBX", cast.billing, "US")
    assert source.created_by == cast.adam
    assert sources.by_token(printed["token"]) == source
    assert [printed["secret"]] == source.secrets


def test_another_secret_beside_the_one_before(cast: Cast) -> None:
    before = source_of(cast).secrets
    printed = run("pbx", "--rotate")
    assert printed.keys() == {"secret"}
    assert Source.objects.get().secrets == [printed["secret"], *before]


def test_another_token_instead_of_the_one_before(cast: Cast) -> None:
    source, token = sources.create(by=cast.adam, slug="pbx", name="The PBX", team=cast.billing)
    printed = run("pbx", "--new-token")
    assert printed.keys() == {"token"}
    assert (sources.by_token(token), sources.by_token(printed["token"])) == (None, source)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["new"], "--name and --team"),
        (["new", "--name", "New", "--team", "nobody"], "no team “nobody”"),
        (["pbx", "--name", "The PBX", "--team", "billing"], "of that name already"),
        (["a pbx", "--name", "The PBX", "--team", "billing"], "letters, digits"),
        (["new", "--rotate"], "no such telephone system"),
        (["new", "--new-token"], "no such telephone system"),
    ],
)
def test_the_command_says_what_is_wrong(cast: Cast, said: list[str], why: str) -> None:
    source_of(cast)
    with pytest.raises(CommandError, match=why):
        run(*said)
    assert Source.objects.count() == 1


def test_there_must_be_an_administrator(cast: Cast) -> None:
    cast.adam.is_active = False
    cast.adam.save()
    with pytest.raises(CommandError, match="no administrator"):
        run("pbx", "--name", "The PBX", "--team", "billing")


def test_what_a_vendor_signs_with_is_changed_alone(cast: Cast) -> None:
    source_of(cast)
    sources.edit(source="pbx", active=False)
    sources.edit(source="pbx", vendor_secret="a secret")
    assert (Source.objects.get().active, Source.objects.get().vendor_secret) == (False, "a secret")
    sources.edit(source="pbx", active=True)
    assert (Source.objects.get().active, Source.objects.get().vendor_secret) == (True, "a secret")
    with pytest.raises(errors.UnknownSource):
        sources.edit(source="nowhere", active=True)
