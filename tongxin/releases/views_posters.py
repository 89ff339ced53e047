"""Posters of the current release as PNG: drawn from its SVG when first asked for, then kept."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongxin.people.access import public
from tongxin.pictures.kept import kept_png
from tongxin.releases.serving import current_tree

BRIEFLY = "public, max-age=60"


@public
@require_safe
def poster(request: HttpRequest, path: str) -> HttpResponse:
    """``guidance/pets/poster.en`` and the like as a picture; 404 where there is no such poster."""
    tree = current_tree()
    drawn = tree / f"{path}.svg" if tree else None
    if drawn is None or not drawn.is_file():
        raise Http404
    picture = kept_png(drawn.read_text(encoding="utf-8"), settings.HOME / "cache" / "posters")
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": BRIEFLY})
