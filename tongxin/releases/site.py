"""What every page says about the site itself, whether a request asked for it or a release is built.

The context processor of pages with a request and the renderer of release files call the same
``site``, so header, footer and language switch cannot differ.
"""

from typing import Any

from django.conf import settings

LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "en": "en"}
SECTIONS = ("my", "my_place", "about", "compare", "guidance", "myths", "notices", "ask")


def site(language: str, path: str) -> dict[str, Any]:
    """Name, addresses and language switch for a page at ``path``, e.g. ``/en/situation/CN/``.

    ``languages`` lists every language with the address of the same page in it: the page's twin
    under the other prefix, or for pages without one (the desk) the switch that sets the cookie.
    """
    start = f"/{language}/"
    urls = _urls(start, language)
    return {
        "language": language,
        "language_tag": LANGUAGE_TAGS[language],
        "authority": getattr(settings, "AUTHORITY", ""),
        "development": settings.DEVELOPMENT,
        "path": path,
        "public_url": settings.PUBLIC_URL.rstrip("/"),
        "home_place": settings.HOME_PLACE,
        "urls": urls,
        "section": _section(path, urls),
        "languages": [
            {
                "code": code,
                "tag": LANGUAGE_TAGS[code],
                "name": name,
                "url": _twin(path, code),
                "is_current": code == language,
            }
            for code, name in settings.LANGUAGES
        ],
    }


def _urls(start: str, language: str) -> dict[str, str]:
    return {
        "home": start,
        "situation": f"{start}situation/",
        "my_place": f"{start}situation/{settings.HOME_PLACE}/",
        "guidance": f"{start}guidance/",
        "for_me": f"{start}guidance/for-me/",
        "self_check": f"{start}self-check/",
        "report_case": f"{start}report-case/",
        "myths": f"{start}myths/",
        "notices": f"{start}notices/",
        "ask": f"{start}ask/",
        "about": f"{start}situation/about/",
        "compare": f"{start}situation/compare/",
        "search": f"{start}search/",
        "releases": f"{start}releases/",
        "feed": f"/feed/{language}.atom",
        "api": "/api/docs",
        "desk": "/desk/",
        "my": "/my/",
    }


def _section(path: str, urls: dict[str, str]) -> str:
    """Which entry of the main navigation the page belongs to; "" for none."""
    named = [name for name in SECTIONS if path.startswith(urls[name])]
    return named[0] if named else "situation" if path.startswith(urls["situation"]) else ""


def _twin(path: str, language: str) -> str:
    """The same page in another language."""
    for code, _ in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            return f"/{language}/{path[len(code) + 2 :]}"
    return f"/language/{language}/?next={path}"
