from django.http import HttpRequest
from django.utils.translation import get_language

from tongxin.releases.site import site as site_facts


def site(request: HttpRequest) -> dict[str, object]:
    """What every page rendered by the app knows about the site it belongs to."""
    language = get_language() or "zh-hans"
    return {"site": site_facts(language, request.path), "language": language}
