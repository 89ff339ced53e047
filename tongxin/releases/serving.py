"""Release files from the app, where no web server stands in front or the file is not public."""

import re
from pathlib import Path

from django.db import DatabaseError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
)
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from tongxin.releases import queries, rules
from tongxin.releases.store import SUFFIXES, store

ASK_AGAIN = "no-cache"
FOR_GOOD = "public, max-age=31536000, immutable"
ONLY_YOU = "private, no-store"
EMBED = re.compile(r"(?:[a-z-]+/)?embed/")


def serve_current(request: HttpRequest, path: str) -> HttpResponseBase | None:
    """The file of the current release at this path; None where it has none.

    ``path`` is the request's, with or without the slash in front. A folder is its
    ``index.html``, and is redirected to where its slash is missing.
    """
    tree = current_tree()
    return serve(request, tree, path.lstrip("/"), cache=ASK_AGAIN) if tree else None


def current_tree() -> Path | None:
    """The folder of the current release: what the database says, or the pointer without it."""
    shelf = store()
    try:
        release = queries.current_publication()
        name = release.release_id if release else None
    except DatabaseError:
        name = shelf.current()
    return shelf.tree(name) if name else None


def serve(request: HttpRequest, tree: Path, path: str, *, cache: str) -> HttpResponseBase | None:
    """A file of a tree with its type, ETag and the encoding the browser takes, or None."""
    found = f"{path}index.html" if path == "" or path.endswith("/") else path
    place = tree / found
    if rules.is_safe_path(found) and (place / "index.html").is_file():
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    if not rules.is_safe_path(found) or rules.extension(found) not in rules.CONTENT_TYPES:
        return None
    chosen, encoding = _variant(place, request.headers.get("Accept-Encoding", ""))
    try:
        content = chosen.read_bytes()  # whole: the files of a release are small
        changed = chosen.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    etag = f'"{changed:x}-{len(content):x}"'
    response: HttpResponseBase
    if _is_known(request, etag):
        response = HttpResponseNotModified()
    else:
        body = b"" if request.method == "HEAD" else content
        response = HttpResponse(body, content_type=rules.content_type(found))
        response.headers["Content-Length"] = str(len(content))
    return _labelled(response, found, etag=etag, encoding=encoding, cache=cache)


def _labelled(
    response: HttpResponseBase, path: str, *, etag: str, encoding: str, cache: str
) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache
    if cache != ONLY_YOU:
        response.headers["Access-Control-Allow-Origin"] = "*"
    if encoding and response.status_code == 200:
        response.headers["Content-Encoding"] = encoding
    if rules.extension(path) in rules.TEXTS:
        patch_vary_headers(response, ["Accept-Encoding"])
    if EMBED.match(path):
        response.xframe_options_exempt = True
        response._csp_update = {"frame-ancestors": ["*"]}
    return response


def _variant(place: Path, accepted: str) -> tuple[Path, str]:
    """The smallest sibling that the browser takes, and its encoding."""
    for encoding in rules.encodings(accepted):
        sibling = place.with_name(place.name + SUFFIXES[encoding])
        if sibling.is_file():
            return sibling, encoding
    return place, ""


def _is_known(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in {tag.removeprefix("W/") for tag in known}
