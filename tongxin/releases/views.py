"""Past releases by their id; drafts for those who may preview them."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tongxin.people.access import public
from tongxin.people.roles import Permission
from tongxin.people.second_factor import still_to_do
from tongxin.releases import queries
from tongxin.releases.models import Release
from tongxin.releases.serving import FOR_GOOD, ONLY_YOU, serve
from tongxin.releases.store import store


@public
@require_safe
def past(request: HttpRequest, release_id: str, path: str = "") -> HttpResponseBase:
    """A file of a release as it was; a draft only for those who may preview it."""
    release = Release.objects.filter(pk=release_id).first()
    if release is None:
        raise Http404
    is_draft = not queries.was_published(release_id)
    if is_draft and not _may_preview(request):
        raise Http404
    if release.pruned_at:
        facts = {"release": release, "language": get_language()}
        return render(request, "releases/pruned.html", facts, status=410)
    tree = store().tree(release_id)
    cache = ONLY_YOU if is_draft else FOR_GOOD
    response = serve(request, tree, path, cache=cache) if tree else None
    if response is None:
        raise Http404
    if is_draft:  # the desk shows it beside the current release
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_update = {"frame-ancestors": ["'self'"]}
    return response


def _may_preview(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or still_to_do(user):
        return False
    return user.may(Permission.RELEASE_PREVIEW)
