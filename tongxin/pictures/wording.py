"""The posters' own few words."""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date

from tongxin.pictures.fonts import Language

LOCALES = {"zh": "zh_Hans", "en": "en_GB"}


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def word(key: str, language: Language, **filled: str) -> str:
    """A text of ``words.toml``.

    >>> word("more", "en", count="3")
    '3 more: scan the code'
    """
    return _words()[language][key].format(**filled)


def day(on: date, language: Language) -> str:
    """A day as readers write it.

    >>> day(date(2020, 2, 8), "zh"), day(date(2020, 2, 8), "en")
    ('2020年2月8日', '8 February 2020')
    """
    return format_date(on, word("day", language), locale=LOCALES[language])


def sources(names: Sequence[str], language: Language) -> str:
    """ "Source: …", each named once; empty where there is none."""
    named = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    return word("source", language, sources=word("and", language).join(named)) if named else ""


def bare(address: str) -> str:
    """An address as one reads it aloud.

    >>> bare("https://example.org/en/myths/salt/")
    'example.org/en/myths/salt'
    """
    return address.split("://", 1)[-1].rstrip("/")
