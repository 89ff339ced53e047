"""Run Django's commands beside a living database: the one of `make run`, or one of their own."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from tongxin import cli
from tongxin.database import Server
from tongxin.runner import help_text, preparation

NEEDS_NO_DATABASE = {"check", "collectstatic", "diffsettings", "findstatic", "help", "version"}
DJANGO_OPTIONS = {
    "--version",
    "-v",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
}


def app_command(home: Path, *, app: str, name: str, words: list[str]) -> int:
    """Run the management command `name` of `app`; its exit code."""
    if {"-h", "--help"} & set(words):
        return _run(app, name, words)
    with preparation.open_database(home) as server:
        if not preparation.is_prepared(server):
            preparation.prepare_schema(server)
        return _run(app, name, words)


def django_command(home: Path, words: list[str]) -> int:
    """Run one of Django's own commands; its exit code."""
    with _database_if_needed(home, words):
        from django.core.management import ManagementUtility

        ManagementUtility(["tongxin django", *words]).execute()
    return 0


@contextlib.contextmanager
def _database_if_needed(home: Path, words: list[str]) -> Iterator[Server | None]:
    if not words or words[0] in NEEDS_NO_DATABASE or {"-h", "--help"} & set(words):
        yield None
    else:
        with preparation.open_database(home) as server:
            yield server


def _run(app: str, name: str, words: list[str]) -> int:
    """Parse the words as the command does and execute it in the language of the terminal."""
    preparation.start_django()
    from django.core.management import CommandError, load_command_class
    from django.db import connections
    from django.utils import translation

    command = load_command_class(app, name)
    command.requires_system_checks = []
    command.suppressed_base_arguments = DJANGO_OPTIONS
    command._called_from_command_line = True
    translation.activate(cli.language())
    parser = command.create_parser("tongxin", name.replace("_", "-"))
    help_text.translate(parser)
    options = vars(parser.parse_args(words))
    try:
        command.execute(*options.pop("args", ()), **options)
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.returncode
    finally:
        connections.close_all()
    return 0
