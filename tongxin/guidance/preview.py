"""The public page of words that are not public yet, for who writes and who reviews them."""

from dataclasses import replace

from django.http import HttpResponse
from django.utils import timezone

from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.pages import render_block
from tongxin.guidance.told import told


def page(words: AdviceBlock, language: str) -> HttpResponse:
    """The page at the address where it would stand, so that its styles are found."""
    now = told(words.disease, today=timezone.localdate())
    others = [row for row in now.rows if row.slug != words.slug]
    html = render_block(replace(now, rows=[*others, words]), words, language)
    base = f'<head><base href="/{language}/guidance/block/{words.slug}/">'
    return HttpResponse(html.replace("<head>", base, 1))
