"""The fields of forms that are not ours, in our look."""

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def account_field(field: BoundField) -> SafeString:
    """Return a field's input; its label says what a placeholder would."""
    invalid = " is-invalid" if field.errors else ""
    # False leaves an attribute out.
    return field.as_widget(attrs={"class": f"form-control{invalid}", "placeholder": False})
