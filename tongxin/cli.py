"""The command `tongxin`: from any folder, with the settings and the database of `make run`.

Every app brings its commands as `management/commands/NAME.py`; they are found here by file name
and read without starting Django, so that help is instant. Exit codes: 0 done, 1 refused,
2 not understood.
"""

import argparse
import ast
import functools
import os
import sys
from collections.abc import Callable
from gettext import NullTranslations, translation
from pathlib import Path

from tongxin.refusal import Refusal, noop

PACKAGE = Path(__file__).resolve().parent
GROUPS = {
    noop("Run it"): ["run", "prepare", "worker", "nginx-config", "backup", "restore"],
    noop("Messages"): ["wechat"],
    noop("Figures in"): ["import", "places"],
    noop("Figures out"): ["publish", "releases", "replay"],
    noop("Who may, and who did"): ["accounts", "audit"],
    noop("For developers"): ["schema-snapshot", "django"],
}
OWN = {
    "run": noop("Run Tongxin in the foreground: database, worker, application, web server."),
    "nginx-config": noop("Print the nginx configuration that serves this installation."),
    "backup": noop("Write everything into one archive; Tongxin may run meanwhile."),
    "restore": noop("Put an archive of `tongxin backup` in the place of the data."),
    "schema-snapshot": noop("Write schema.sql again from the migrations."),
    "django": noop("Run one of Django's own commands: tongxin django COMMAND …"),
}


def main(argv: list[str] | None = None) -> None:
    """Run the command that the words ask for and leave with its exit code."""
    words = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongxin.settings")
    os.environ["TONGXIN_HOME"] = str(home())
    try:
        sys.exit(_dispatch(words))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has gone: `tongxin … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def home() -> Path:
    """The folder of all data: TONGXIN_HOME, or `var` beside the package."""
    given = os.environ.get("TONGXIN_HOME")
    return Path(os.path.abspath(given)) if given else PACKAGE.parent / "var"


def commands() -> dict[str, str]:
    """Name and one line of every command: ours, and those of the apps."""
    found = dict(OWN)
    for file in sorted(PACKAGE.glob("*/management/commands/[!_]*.py")):
        found[file.stem.replace("_", "-")] = _one_line(file)
    return found


def overview() -> str:
    """What `tongxin --help` prints: commands grouped by what a person wants."""
    left = commands()
    groups = {title: [name for name in names if name in left] for title, names in GROUPS.items()}
    placed = {name for names in groups.values() for name in names}
    groups[noop("More")] = [name for name in left if name not in placed]
    lines = [gettext("Usage: tongxin COMMAND …   (tongxin COMMAND --help tells more)")]
    for title, names in groups.items():
        if names:
            lines += ["", gettext(title)]
            lines += [f"  {name:<16} {gettext(left[name])}" for name in names]
    lines += ["", gettext("All data are in {home} (TONGXIN_HOME).").format(home=home())]
    return "\n".join(lines)


def language() -> str:
    """The language of the terminal: "zh-hans" or "en"."""
    names = ("TONGXIN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = next((os.environ[name] for name in names if os.environ.get(name)), "en")
    return "zh-hans" if asked.lower().startswith("zh") else "en"


def gettext(text: str) -> str:
    """The text in the language of the terminal; needs no Django."""
    return _catalogue().gettext(text) if text else ""


def _dispatch(words: list[str]) -> int:
    name, rest = (words[0], words[1:]) if words else ("--help", [])
    if name in ("-h", "--help", "help"):
        print(overview())
        return 0
    if name not in commands():
        text = gettext("There is no command “{name}”. `tongxin --help` lists them all.")
        print(text.format(name=name), file=sys.stderr)
        return 2
    return guarded(lambda: _own(name, rest) if name in OWN else _of_an_app(name, rest))


def guarded(work: Callable[[], int]) -> int:
    """Do the work; what is refused or missing becomes a sentence, not a traceback."""
    from tongxin.database import DatabaseUnavailable

    try:
        return work()
    except DatabaseUnavailable as trouble:
        print(trouble.translated(gettext), file=sys.stderr)
    except Refusal as refusal:
        print(gettext(refusal.says).format(**refusal.facts), file=sys.stderr)
    return 1


def _own(name: str, words: list[str]) -> int:
    """Run one of the commands that are not in an app."""
    if name == "django":
        from tongxin.runner.beside_database import django_command

        return django_command(home(), words)
    parser = argparse.ArgumentParser(prog=f"tongxin {name}", description=gettext(OWN[name]))
    if name in ("backup", "restore"):
        parser.add_argument("file", type=Path, metavar="FILE")
    if name == "restore":
        text = gettext("set aside the data that are there")
        parser.add_argument("--force", action="store_true", help=text)
    from tongxin import runner
    from tongxin.runner import help_text

    help_text.translate(parser)
    options = vars(parser.parse_args(words))

    return {
        "run": runner.run,
        "nginx-config": runner.print_nginx,
        "backup": runner.back_up,
        "restore": runner.restore,
        "schema-snapshot": runner.write_snapshot,
    }[name](home(), **options)


def _of_an_app(name: str, words: list[str]) -> int:
    """Run a management command of an app, beside the database it needs."""
    from tongxin.runner.beside_database import app_command

    file = next(PACKAGE.glob(f"*/management/commands/{name.replace('-', '_')}.py"))
    return app_command(home(), app=f"tongxin.{file.parts[-4]}", name=file.stem, words=words)


def _one_line(file: Path) -> str:
    """The first line of the command's `help`, read without importing it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and [ast.unparse(to) for to in node.targets] == ["help"]:
            texts = [part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant)]
            return str(texts[0]).strip().splitlines()[0] if texts else ""
    return ""


@functools.cache
def _catalogue() -> NullTranslations:
    """The translations of the whole house, one app's catalogue behind the other."""
    whole = NullTranslations()
    if language() == "zh-hans":
        for folder in sorted([PACKAGE / "locale", *PACKAGE.glob("*/locale")]):
            whole.add_fallback(translation("django", folder, ["zh_Hans"], fallback=True))
    return whole
