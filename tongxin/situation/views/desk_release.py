"""The preview of a release: what the gate found, and what would change for the public."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tongxin.people.access import needs
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.releases.models import Override, Publication, Release
from tongxin.releases.queries import current_publication, was_published
from tongxin.situation.actions.builds import ask_build
from tongxin.situation.models import Build
from tongxin.situation.queries.atlas import Atlas, atlas
from tongxin.situation.queries.gate_view import Difference, difference, gate_view
from tongxin.work.queries import WORKER_IS_LATE, worker_age_seconds

SHOWN = 100
PAGES = 8


@needs(Permission.RELEASE_PREVIEW)
@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """Ask the worker for a release of what is known now."""
    row = ask_build(by=request.user, at=timezone.now())
    return redirect("desk_building", row.pk)


@needs(Permission.RELEASE_PREVIEW)
@require_safe
def building(request: HttpRequest, build_id: int) -> HttpResponse:
    """How far a build is; the release itself when it is there."""
    row = get_object_or_404(Build.objects.select_related("asked_by"), pk=build_id)
    if row.done_at:
        return _moved_on(request, row)
    beat = worker_age_seconds(at=timezone.now())
    facts = {"build": row, "is_worker_late": beat is None or beat > WORKER_IS_LATE}
    return render(request, "situation/desk/building.html", facts)


def _moved_on(request: HttpRequest, row: Build) -> HttpResponse:
    """The end of a build, for a page that looks by itself and for one that a person opens."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": request.path})
    if row.release_id:
        return redirect("desk_release", row.release_id)
    return render(request, "situation/desk/building.html", {"build": row})


@needs(Permission.RELEASE_PREVIEW)
@require_safe
def release(request: HttpRequest, release_id: str) -> HttpResponse:
    """One release beside the one that the public sees."""
    found = get_object_or_404(Release, pk=release_id)
    public = current_publication()
    places, language = atlas(), get_language() or "zh-hans"
    gate = gate_view(found, language=language)
    changes = _changes(found, public, places, language)
    facts = {
        "release": found,
        "public": public,
        "is_current": public is not None and public.release_id == found.pk,
        "was_published": was_published(release_id),
        "gate": gate,
        "changes": changes[:SHOWN],
        "changes_count": len(changes),
        "rewritten_count": sum(one.kind in ("revised", "disappeared") for one in changes),
        "may_grant": _may_grant(gate.override, request.user),
        "home_place": settings.HOME_PLACE,
        "pages": _pages(found, places, language),
    }
    return render(request, "situation/desk/release.html", facts)


def _changes(
    found: Release, public: Publication | None, places: Atlas, language: str
) -> list[Difference]:
    """How the release differs from the one that the public sees."""
    if public is None or public.release_id == found.pk:
        return []
    return difference(public.release, found, atlas=places, language=language)


def _may_grant(override: Override | None, user: User) -> bool:
    """Whether this is the second person that an override waits for."""
    return (
        override is not None
        and override.granted_at is None
        and override.asked_by_id != user.pk
        and user.may(Permission.RELEASE_OVERRIDE)
    )


def _pages(found: Release, places: Atlas, language: str) -> list[tuple[str, str]]:
    """The pages most worth a look: home, the site's own place, and those with findings."""
    start = f"/releases/{found.pk}/{language}"
    codes = dict.fromkeys([settings.HOME_PLACE, *(one["place"] for one in found.findings)])
    return [(gettext("Home page"), f"{start}/index.html")] + [
        (places.name(code).in_language(language), f"{start}/situation/{code}/index.html")
        for code in list(codes)[:PAGES]
        if code in places
    ]
