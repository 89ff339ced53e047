"""Reading the list of releases: what the public saw, when, and what changed."""

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from tongxin.people.api_refusals import Refused
from tongxin.refusal import Unreadable, noop
from tongxin.releases import queries
from tongxin.releases.models import Release
from tongxin.releases.open_data import Moment, offers_open, open_data

router = Router(tags=["releases"])
router.add_decorator(open_data, mode="view")
PAGE = 50
ID = Path(..., description="Name of a release, as /api/releases lists them")


class NotACursor(Unreadable):
    says = noop("This cursor was not made here. Start again without it.")


class ReleaseRow(Schema):
    """One release that the public has seen."""

    id: str
    built_at: Moment
    as_of: Moment = Field(description="The files say what was known then")
    files_count: int
    bytes_count: int
    is_stopped: bool = Field(description="Two people let it out against the gate")
    is_current: bool
    pruned_at: Moment | None
    url: str


class ReleaseList(Schema):
    releases: list[ReleaseRow]
    next: str | None = Field(description="Give this as cursor for the following page")


class ReleaseDetail(ReleaseRow):
    manifest: dict[str, Any]
    findings: list[dict[str, Any]]


class ChangedFile(Schema):
    path: str
    what: str = Field(description="added, removed or changed")


class Changes(Schema):
    release: str
    before: str | None
    is_known: bool = Field(description="False where the files of one of the two were pruned")
    files: list[ChangedFile]


class ListQuery(Schema):
    cursor: str = Field(
        "", max_length=200, pattern=r"^[^\x00]*$", description="`next` of the page before"
    )
    limit: int = Field(PAGE, ge=1, le=200, description="At most so many, up to 200")


@offers_open(router, "", response={200: ReleaseList, 422: Refused}, summary="Releases")
def list_releases(request: HttpRequest, query: Query[ListQuery]) -> dict[str, Any]:
    """Published releases, newest first."""
    rows = queries.published_releases()
    if query.cursor:
        rows = rows.filter(pk__in=_after(query.cursor))
    found = list(rows[: query.limit + 1])
    shown = found[: query.limit]
    current = queries.current_release()
    return {
        "releases": [_row(release, current) for release in shown],
        "next": shown[-1].pk if len(found) > query.limit else None,
    }


@offers_open(
    router, "/{release_id}", response={200: ReleaseDetail, 404: Refused}, summary="One release"
)
def one_release(request: HttpRequest, release_id: str = ID) -> dict[str, Any]:
    """A release with its manifest and what the gate found."""
    release = _published(release_id)
    more = {"manifest": release.manifest, "findings": release.findings}
    return _row(release, queries.current_release()) | more


@offers_open(
    router,
    "/{release_id}/changes",
    response={200: Changes, 404: Refused},
    summary="What a release changed",
)
def changes_of_release(request: HttpRequest, release_id: str = ID) -> dict[str, Any]:
    """Which files differ from the release that this one took the place of."""
    release = _published(release_id)
    before = queries.release_before(release)
    is_known = not release.pruned_at and not (before and before.pruned_at)
    files = queries.changes(before.pk if before else None, release.pk) if is_known else []
    return {
        "release": release.pk,
        "before": before.pk if before else None,
        "is_known": is_known,
        "files": [{"path": change.path, "what": change.what} for change in files],
    }


def _published(release_id: str) -> Release:
    if "\x00" in release_id:
        raise Release.DoesNotExist
    return queries.published_releases().get(pk=release_id)


def _after(cursor: str) -> Any:
    last = queries.published_releases().filter(pk=cursor).first()
    if last is None:
        raise NotACursor()
    return queries.built_before(last).values("pk")


def _row(release: Release, current: Release | None) -> dict[str, Any]:
    return {
        "id": release.pk,
        "built_at": release.built_at,
        "as_of": release.as_of,
        "files_count": release.files_count,
        "bytes_count": release.bytes_count,
        "is_stopped": release.is_stopped,
        "is_current": current is not None and current.pk == release.pk,
        "pruned_at": release.pruned_at,
        "url": f"/releases/{release.pk}/",
    }
