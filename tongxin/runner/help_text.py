"""The help of a command in the language of the terminal, argparse's own words included."""

import argparse
from collections.abc import Iterable

from tongxin.cli import gettext
from tongxin.refusal import noop

OWN_WORDS = {
    "positional arguments": noop("positional arguments"),
    "options": noop("options"),
    "show this help message and exit": noop("show this help message and exit"),
}


class Help(argparse.HelpFormatter):
    """The usual layout with a translated first word."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """As argparse does; ``prefix`` is what stands before the command."""
        super().add_usage(usage, actions, groups, prefix or gettext(noop("usage: ")))


def translate(parser: argparse.ArgumentParser) -> None:
    """Translate what the parser and those of its deeds say of themselves, in place."""
    parser.formatter_class = Help
    parser.description = gettext(parser.description or "")
    for group in parser._action_groups:
        group.title = gettext(OWN_WORDS.get(group.title or "", group.title or ""))
    for action in parser._actions:
        if action.help not in (None, argparse.SUPPRESS):
            action.help = gettext(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for line in action._choices_actions:
                line.help = gettext(line.help or "")
            for below in action.choices.values():
                translate(below)
