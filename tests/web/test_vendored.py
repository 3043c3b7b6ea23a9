"""Other people's files are what the list says they are."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from web.management.commands import vendored


def test_every_vendored_file_is_listed_and_unchanged() -> None:
    told = StringIO()

    call_command("vendored", stdout=told)

    assert "htmx" in told.getvalue()
    assert "(MIT)" in told.getvalue()


@pytest.mark.parametrize("change", ["changed", "added", "removed"])
def test_whatever_differs_from_the_list_is_named(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "vendor"
    shutil.copytree(vendored.FOLDER, folder)
    monkeypatch.setattr(vendored, "FOLDER", folder)
    file = folder / "htmx.min.js"
    if change == "changed":
        file.write_text("alert(1)")
    elif change == "removed":
        file.unlink()
    else:
        file = folder / "more.js"
        file.write_text("")

    with pytest.raises(CommandError, match=file.name):
        call_command("vendored", stdout=StringIO())


def test_no_page_names_another_host() -> None:
    """Everything that pages load is ours: no address of another host stands in a template or a script."""
    web = vendored.WEB
    places = [
        *web.rglob("*.html"),
        *(web / "static" / "web").rglob("*.css"),
        *(web / "static" / "web" / "js").glob("*.js"),
    ]
    loads = ('src="http', "src='http", 'href="http', "url(http", "@import", "//cdn", "import(")
    named = [str(each) for each in places if any(words in each.read_text() for words in loads)]

    assert len(places) > 50
    assert named == []
