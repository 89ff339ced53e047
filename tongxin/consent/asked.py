"""What authorities ask a person to allow, each purpose by itself; written in `asked/*.toml`."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import get_language
from pydantic import Field

from tongxin.consent.models import Purpose
from tongxin.data_files import StrictRecord, read_record
from tongxin.people.models import Organisation

FOLDER = Path(__file__).with_name("asked")


class Asked(StrictRecord):
    """One thing that one kind of organisation asks to be allowed."""

    purpose: str
    kind: str
    for_days: int = Field(gt=0, le=730)
    may_zh: str
    may_en: str
    why_zh: str
    why_en: str

    @property
    def holds_for(self) -> timedelta:
        return timedelta(days=self.for_days)

    def sentence(self, organisation: Organisation) -> str:
        """Who may do what, as one sentence in the reader's language."""
        if _is_chinese():
            return f"{organisation.name_zh}{self.may_zh}"
        return f"{organisation.name_en} {self.may_en}"

    @property
    def why(self) -> str:
        return self.why_zh if _is_chinese() else self.why_en


class _AskedFile(StrictRecord):
    asked: tuple[Asked, ...]


@cache
def asked(disease: str) -> tuple[Asked, ...]:
    """Everything that is asked in this disease's response, in the order of the page."""
    found = read_record(FOLDER / f"{disease}.toml", _AskedFile).asked
    known = {(one.purpose, one.kind) for one in found}
    if len(known) != len(found):
        raise ValueError("the same purpose is asked twice by one kind of organisation")
    for one in found:
        Purpose(one.purpose)
        Organisation.Kind(one.kind)
    return found


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
