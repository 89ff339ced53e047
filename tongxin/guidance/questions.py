"""What "For me" asks: one question for each thing in which people differ."""

from functools import cache
from pathlib import Path

from tongxin.data_files import BrokenData, StrictRecord, read_record
from tongxin.guidance import packs
from tongxin.guidance.packs import Key, PersonAxis

FOLDER = Path(__file__).with_name("questions")


class Question(StrictRecord):
    """A question about the reader, or about somebody whom the reader asks for.

    Attributes:
        usual: the answer most people give: advice that is only for others is particular.
        signs_of: the slug of the block whose text explains the gravest answer.
    """

    axis: Key
    usual: Key
    you_zh: str
    you_en: str
    they_zh: str
    they_en: str
    hint_zh: str = ""
    hint_en: str = ""
    signs_of: str = ""

    def said(self, field: str, language: str) -> str:
        """A field that exists in both languages, in this one."""
        return getattr(self, f"{field}_{'en' if language == 'en' else 'zh'}")


class _Questions(StrictRecord):
    question: tuple[Question, ...]


@cache
def questions(disease: str) -> tuple[tuple[Question, PersonAxis], ...]:
    """Every question with its axis, in the order in which they are asked.

    Raises:
        BrokenData: an axis is not asked, asked twice or unknown, or the usual answer is none.
    """
    path = FOLDER / f"{disease}.toml"
    asked = read_record(path, _Questions).question
    axes = {axis.key: axis for axis in packs.axes(disease)}
    if sorted(one.axis for one in asked) != sorted(axes):
        raise BrokenData(file=path.name, where="axis", why="each axis is asked once")
    for one in asked:
        if one.usual not in {value.key for value in axes[one.axis].values}:
            raise BrokenData(file=path.name, where=f"{one.axis}.usual", why=f"no {one.usual!r}")
    return tuple((one, axes[one.axis]) for one in asked)
