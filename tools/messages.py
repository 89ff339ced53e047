"""Collect, complete and compile translations with Babel; gettext's tools are not needed.

    python tools/messages.py APP…      collect the texts of apps into their .po and compile them
    python tools/messages.py --check   exit 1 where a text lacks its translation
    python tools/messages.py --compile only write the .mo files

Texts are written in English in code and templates; Chinese stands in
``tongxin/<app>/locale/zh_Hans/LC_MESSAGES/django.po`` (``tongxin/locale`` for what is
shared by no app).
"""

import argparse
import os
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tongxin"
NAMES = [
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "npgettext_lazy",
    "noop",
    "_",
]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def folders() -> dict[str, Path]:
    """App name to folder; ``site`` is what belongs to no app."""
    apps = {p.parent.name: p.parent for p in sorted(PACKAGE.glob("*/__init__.py"))}
    return {**apps, "site": PACKAGE}


def sources(app: str, folder: Path) -> list[Path]:
    """The files whose texts belong to ``app``."""
    if app == "site":
        return [*sorted(PACKAGE.glob("*.py")), *sorted((PACKAGE / "templates").rglob("*.*"))]
    python = [p for p in folder.rglob("*.py") if "migrations" not in p.parts]
    templates = [p for p in folder.glob("templates/**/*") if p.suffix in {".html", ".txt", ".svg"}]
    return sorted(python) + sorted(templates)


def texts(path: Path):
    """Every (message, plural, context) of one file."""
    from django.utils.translation.template import templatize

    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        code = templatize(code)
    found = extract_python(BytesIO(code.encode()), NAMES, [], {"encoding": "utf-8"})
    for _, name, words, _ in found:
        yield from one_text(name, words)


def one_text(name: str, words):
    """What a call to one of gettext's functions marks, by the place of its arguments."""
    given = list(words) if isinstance(words, tuple) else [words]
    context = given.pop(0) if "pgettext" in name else None
    wanted = 2 if name.startswith("n") and "ngettext" in name or "npgettext" in name else 1
    ids = [w for w in given[:wanted] if w]
    if len(ids) == wanted:
        yield (ids[0], ids[1] if wanted == 2 else None, context)


def po_path(folder: Path) -> Path:
    return folder / "locale/zh_Hans/LC_MESSAGES/django.po"


def old_catalog(path: Path) -> Catalog:
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale="zh_Hans")
    return Catalog(locale="zh_Hans", fuzzy=False)


def collected(app: str, folder: Path) -> Catalog:
    """A catalogue of exactly the texts that stand in the sources, with known translations."""
    old = old_catalog(po_path(folder))
    new = Catalog(
        locale="zh_Hans",
        project="Tongxin",
        fuzzy=False,
        charset="utf-8",
        header_comment="# Tongxin",
    )
    for path in sources(app, folder):
        place = str(path.relative_to(ROOT))
        for message, plural, context in texts(path):
            known = old.get(message, context)
            string = known.string if known else ("", "") if plural else ""
            if plural:
                string = tuple(string) if isinstance(string, (tuple, list)) else (string,)
                string = (string or ("",))[:1]
            new.add((message, plural) if plural else message, string, [(place, 0)], context=context)
    return new


def write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, catalog, width=96, no_location=True, sort_output=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    path.write_text("".join(x for x in lines if not x.startswith(dated)), encoding="utf-8")


def compile_po(path: Path) -> None:
    with path.open("rb") as file:
        catalog = read_po(file, locale="zh_Hans")
    target = path.with_suffix(".mo")
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        write_mo(file, catalog)
    temporary.replace(target)


def is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(strings) and all(strings)


def missing(app: str, folder: Path) -> list[str]:
    """Texts of ``app`` that have no translation, or are not in the catalogue."""
    return [
        f"{app}: {message.id!r}"
        for message in collected(app, folder)
        if message.id and not is_translated(message)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apps", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    known = folders()
    if options.check:
        gaps = [gap for app, folder in known.items() for gap in missing(app, folder)]
        sys.stdout.writelines(f"{gap}\n" for gap in gaps)
        return 1 if gaps else 0
    for app in [] if options.compile else options.apps or list(known):
        catalog = collected(app, known[app])
        if len(catalog):
            write(catalog, po_path(known[app]))
    for folder in known.values():
        if po_path(folder).exists():
            compile_po(po_path(folder))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongxin.settings")
    raise SystemExit(main())
