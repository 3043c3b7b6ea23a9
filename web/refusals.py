"""What the verbs refuse, beside the fields that it is about."""

from django import forms

from people.errors import Refusal


def write_into(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal where it belongs: beside the fields that it names, or on top of the form."""
    named = {name: words for name, words in refusal.fields.items() if name in form.fields}
    for name, words in named.items():
        form.add_error(name, words)
    if not named:
        form.add_error(None, " ".join([refusal.detail, *refusal.fields.values()]))
