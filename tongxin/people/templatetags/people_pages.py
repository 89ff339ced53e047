"""What templates ask about people and their forms."""

from django import forms, template
from django.contrib.auth.models import AnonymousUser
from django.utils.safestring import SafeString

from tongxin.people.models import User
from tongxin.people.roles import Permission

register = template.Library()

LONG = 12

CLASSES: dict[type, str] = {
    forms.CheckboxInput: "nhsuk-checkboxes__input",
    forms.Select: "nhsuk-select",
    forms.Textarea: "nhsuk-textarea",
    forms.ClearableFileInput: "nhsuk-file-upload",
    forms.widgets.Input: "nhsuk-input",
}


@register.filter
def may(user: User | AnonymousUser, permission: str) -> bool:
    """Whether the user's role holds the permission: ``{% if user|may:"audit_read" %}``."""
    return user.is_authenticated and user.may(Permission(permission))


@register.filter
def styled(field: forms.BoundField) -> SafeString:
    """The field's input with the look of the site; red when something is wrong with it."""
    widget = field.field.widget
    look = next(name for kind, name in CLASSES.items() if isinstance(widget, kind))
    if field.errors:
        look = f"{look} {look}--error"
    return field.as_widget(attrs={"class": look})


@register.filter
def is_checkbox(field: forms.BoundField) -> bool:
    """Whether the label belongs behind the box."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_choices(field: forms.BoundField) -> bool:
    """Whether there are many boxes to tick under one label."""
    return isinstance(field.field.widget, forms.CheckboxSelectMultiple)


@register.filter
def is_long(field: forms.BoundField) -> bool:
    """Whether there are so many boxes that one has to look for the right one."""
    return sum(1 for _ in field.field.choices) > LONG


@register.filter
def is_file(field: forms.BoundField) -> bool:
    """Whether the browser forgets what was chosen when the form comes back."""
    return isinstance(field.field.widget, forms.FileInput)
