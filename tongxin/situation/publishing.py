"""What a release of figures is made of: which files, and what its manifest says."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from os import cpu_count
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tongxin.places.models import WORLD
from tongxin.places.queries import search_index
from tongxin.releases.assets import looks
from tongxin.releases.rules import canonical
from tongxin.releases.store import Batch, Store
from tongxin.situation import cards, feed, pages, takeaway
from tongxin.situation.feed import Facts
from tongxin.situation.models import Source
from tongxin.situation.posters import posters
from tongxin.situation.queries.areas import area_page
from tongxin.situation.queries.atlas import Atlas
from tongxin.situation.queries.known import Known
from tongxin.situation.queries.matter import Matter, published_places
from tongxin.situation.rendered import Files, Rendered, lines_key, page_key
from tongxin.situation.shapes import AreaPage, Line

LANGUAGES = [code for code, _ in settings.LANGUAGES]
WORTH_A_POOL = 24  # groups of files; below, starting processes costs more than it saves
RULES = ("metrics.toml", "risk_2020_02_17.toml", "thresholds.py")

Content = list[tuple[str, bytes]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are drawn together from the same things, and the hash of those."""

    key: str
    draw: Callable[[], Content]
    may_fork: bool = False  # Polars must not run in a forked process


def release_files(
    matter: Matter, shelf: Store, *, progress: Progress | None = None
) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every file of the release; only what has changed is drawn."""
    memory = Rendered(shelf)
    groups = _groups(matter)
    missing = [group for group in groups if memory.get(group.key) is None]
    batch = Batch(shelf)
    for done, (key, files) in enumerate(_drawn(missing, batch), start=1):
        memory.add(key, files)
        if progress:
            progress(done, len(missing))
    batch.settle()
    memory.save()
    for group in groups:
        yield from ((path, sha) for path, sha in memory.get(group.key) or [])


def manifest_facts(matter: Matter) -> dict[str, object]:
    """What the manifest says besides the files: the disease, the rules, the sources."""
    return {
        "disease": matter.known.disease,
        "home_place": settings.HOME_PLACE,
        "languages": LANGUAGES,
        "feed": feed_entry(matter),
        "last_day": str(matter.known.last_day) if matter.known.last_day is not None else None,
        "rules": _rules(matter.known.disease),
        "sources": _sources(matter),
    }


def feed_entry(matter: Matter) -> Facts:
    """What the feed says of this release: the home place's figures, or the world's."""
    code = _around_home(matter.atlas)[0]
    page = replace(_page(code, matter), as_of=timezone.localtime(matter.as_of))
    return feed.feed_facts(page)


def stamped(page: AreaPage, told: Known) -> AreaPage:
    """The page as of its own newest figure, so that it changes only when its figures do.

    When the release was made is in the manifest, which the page reads. A page without figures
    is as of the newest figure of all.
    """
    newest = max((source.known_at for source in page.sources), default=told.latest_known_at)
    return replace(page, as_of=newest) if newest else page


def _groups(matter: Matter) -> list[Group]:
    """Every file of the release in groups that are drawn and remembered together."""
    by_code: dict[str, AreaPage] = {}
    groups = []
    for code in published_places(matter):
        page = by_code[code] = stamped(_page(code, matter), matter.known)
        key = page_key(page)
        groups.append(Group(f"page {key}", partial(_page_files, page), may_fork=True))
        figures = lines_key(key, _lines_behind(page, matter))
        groups.append(Group(f"figures {figures}", partial(_take_away, page, matter)))
    around = _around_home(matter.atlas)
    tiles = [by_code[code] for code in around if code in by_code]
    home = sha256("".join(page_key(page) for page in tiles).encode()).hexdigest()
    groups.append(Group(f"home {home}", partial(_home_files, tiles)))
    groups.append(_levels(list(by_code.values())))
    groups.append(_about(matter))
    groups.append(_search(matter))
    groups.append(_feed(matter))
    groups.append(_looks())
    return groups


def _page(code: str, matter: Matter) -> AreaPage:
    return area_page(
        code, known=matter.known, atlas=matter.atlas, today=matter.today, ready=matter.ready
    )


def _page_files(page: AreaPage) -> Content:
    """The page of a place, the page that others frame, and the share card, in every language."""
    code, content = page.place.code, []
    for language in LANGUAGES:
        folder = "situation" if code == WORLD else f"situation/{code}"
        for path, mode in (
            (f"{language}/{folder}/index.html", "current"),
            (f"{language}/embed/{code}/index.html", "embed"),
        ):
            html = pages.render_area(page, language=language, mode=mode, release_path=path)
            content.append((path, html.encode()))
        card = cards.card_svg(page, language)
        content.append((f"situation/{code}/card.{language}.svg", card.encode()))
    return content


def _home_files(tiles: list[AreaPage]) -> Content:
    """The first page, and posters of the places it names, in every language."""
    content: Content = []
    for language in LANGUAGES:
        html = pages.render_home(tiles, language=language)
        content.append((f"{language}/index.html", html.encode()))
        for page in tiles:
            content += posters(page, language)
    return content


def _levels(pages_of: list[AreaPage]) -> Group:
    """Every risk level in one file, so that who looks one up does not tell which."""
    levels = {
        page.place.code: (page.risk.level, page.last_day.isoformat())
        for page in pages_of
        if page.risk and page.last_day and not page.figures_from
    }
    content = canonical({"levels": levels})
    key = sha256(content).hexdigest()
    return Group(f"levels {key}", lambda: [("situation/risk.json", content)])


def _take_away(page: AreaPage, matter: Matter) -> Content:
    return sorted(takeaway.area_files(page, matter.known, matter.ready).items())


def _search(matter: Matter) -> Group:
    rows = canonical(search_index(on=matter.today))
    return Group(f"search {sha256(rows).hexdigest()}", lambda: [("search.json", rows)])


def _feed(matter: Matter) -> Group:
    entries = feed.latest(matter.told, feed_entry(matter))
    key = sha256(canonical(entries)).hexdigest()
    return Group(f"feed {key}", partial(_feed_files, entries))


def _feed_files(entries: list[Facts]) -> Content:
    public = settings.PUBLIC_URL
    return [
        (f"feed/{language}.atom", feed.atom(entries, language=language, public_url=public))
        for language in LANGUAGES
    ]


def _looks() -> Group:
    """Styles and scripts of the pages."""
    content = looks()
    key = sha256(b"".join(body for _, body in content)).hexdigest()
    return Group(f"looks {key}", lambda: content)


def _about(matter: Matter) -> Group:
    sources = sorted(matter.ready.sources.values(), key=lambda s: (s.tier, s.pk))
    said = repr([(s.pk, s.tier, s.name_zh, s.name_en, s.url, s.licence) for s in sources])
    key = sha256(f"{matter.known.disease} {said}".encode()).hexdigest()
    return Group(f"about {key}", partial(_about_files, sources))


def _about_files(sources: list[Source]) -> Content:
    return [
        (
            f"{language}/situation/about/index.html",
            pages.render_about(sources=sources, language=language).encode(),
        )
        for language in LANGUAGES
    ]


def _around_home(places: Atlas) -> list[str]:
    """The home place, then what stands above it, nearest first."""
    home = settings.HOME_PLACE
    if home not in places:
        return [WORLD]
    return [home, *(name.code for name in reversed(places.ancestors(home)))]


def _lines_behind(page: AreaPage, matter: Matter) -> Iterator[Line]:
    """Every line of the place itself and of its parts: what its take-away files hold."""
    figures = page.figures_from or page.place
    codes = [page.place.code, figures.code, *(row.place.code for row in page.children)]
    for code in codes:
        for metric in matter.known.metrics(code):
            yield from matter.known.lines(code, metric)


def _drawn(groups: list[Group], batch: Batch) -> Iterator[tuple[str, Files]]:
    """Draw and store the groups, on every core where it pays."""
    forked = [group for group in groups if group.may_fork]
    if len(forked) < WORTH_A_POOL or threading.active_count() > 1:
        forked = []
    else:
        _Work.groups, _Work.batch = forked, batch
        with multiprocessing.get_context("fork").Pool(cpu_count(), _begin_child) as pool:
            yield from pool.imap_unordered(_in_child, range(len(forked)), chunksize=4)
    yield from (_stored(group, batch) for group in groups if not forked or not group.may_fork)


class _Work:
    """What the child processes find in their memory, without its being sent."""

    groups: list[Group]
    batch: Batch


def _begin_child() -> None:
    """Let the child be ended: it would inherit the worker's handler, which only takes note."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_child(number: int) -> tuple[str, Files]:
    return _stored(_Work.groups[number], _Work.batch)


def _stored(group: Group, batch: Batch) -> tuple[str, Files]:
    return group.key, [[path, batch.put(content, path=path)] for path, content in group.draw()]


def _rules(disease: str) -> dict[str, str]:
    """The hash of each file of rules, so that a reader can tell which were in force."""
    folder = Path(__file__).parent
    files = [folder / name for name in RULES] + [folder / "diseases" / f"{disease}.toml"]
    return {file.name: sha256(file.read_bytes()).hexdigest()[:16] for file in files}


def _sources(matter: Matter) -> list[dict[str, str]]:
    """Who said the figures, and which revision of what they said."""
    spoken: dict[str, list[Line]] = {}
    for place, metric in sorted(matter.known.keys):
        for line in matter.known.lines(place, metric):
            spoken.setdefault(line.source, []).append(line)
    return [
        {
            "code": code,
            "name_zh": matter.ready.sources[code].name_zh,
            "name_en": matter.ready.sources[code].name_en,
            "licence": matter.ready.sources[code].licence,
            "known_at": timezone.localtime(max(line.known_at for line in lines)).isoformat(),
            "revision": lines_key("", lines)[:16],
        }
        for code, lines in sorted(spoken.items())
    ]
