"""The page of words to look after, under /cms/."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tongxin.guidance.upkeep_lists import upkeep
from tongxin.people.access import needs
from tongxin.people.roles import Permission


@needs(Permission.CMS_EDIT)
def words_to_look_after(request: HttpRequest) -> HttpResponse:
    """Translations that lag, words to review, links that do not open."""
    today = timezone.localdate()
    facts = {"upkeep": upkeep(of=request.user, today=today), "today": today}
    return render(request, "guidance/cms/upkeep.html", facts)
