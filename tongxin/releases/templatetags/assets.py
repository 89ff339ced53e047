from django import template
from django.conf import settings

from tongxin.releases import assets

register = template.Library()


@register.simple_tag(takes_context=True)
def asset(context: template.Context, name: str) -> str:
    """A file of the browser bundle, from where this page's static files lie."""
    return assets.asset(name, root=_root(context))


@register.simple_tag(takes_context=True)
def mark(context: template.Context) -> str:
    """The site's own mark."""
    return _root(context) + assets.MARK


def _root(context: template.Context) -> str:
    return context.get("static_root", settings.STATIC_URL)
