"""For whom a piece of advice is, in words; nothing where it is for everyone."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext

from tongxin.guidance import packs
from tongxin.guidance.packs import PersonAxis

# With danger signs only the emergency call counts: that all else is for others is said once a page.
WITHOUT_DANGER = {"none", "mild"}


def for_whom(
    when: Mapping[str, Sequence[str]],
    disease: str,
    language: str,
    *,
    known: Collection[str] = (),
) -> list[str]:
    """One phrase for each thing that matters, in the order in which people are asked.

    ``known`` names the axes that need no saying.
    """
    found = []
    for axis in packs.axes(disease):
        values = when.get(axis.key)
        if values is None or axis.key in known or _is_everyone(axis, values):
            continue
        colon = ": " if language == "en" else "："
        found.append(f"{axis.name(language)}{colon}{_named(axis, values, language)}")
    return found


def common(whens: Iterable[Mapping[str, Sequence[str]]]) -> set[str]:
    """The axes on which all ask for the same: what a page about them need not repeat.

    >>> common([{"state": ["positive"], "age": ["baby"]}, {"state": ["positive"]}])
    {'state'}
    """
    asked = [{axis: set(values) for axis, values in when.items()} for when in whens]
    if len(asked) < 2:
        return set()
    return {axis for axis in asked[0] if all(one.get(axis) == asked[0][axis] for one in asked)}


def _named(axis: PersonAxis, values: Sequence[str], language: str) -> str:
    """The values; where all but one of many are meant, the one that is not."""
    others = [value for value in axis.values if value.key not in values]
    if len(others) == 1 and len(axis.values) > 2:
        return gettext("all but %(name)s") % {"name": others[0].name(language)}
    comma = ", " if language == "en" else "、"
    return comma.join(value.name(language) for value in axis.values if value.key in values)


def _is_everyone(axis: PersonAxis, values: Sequence[str]) -> bool:
    everyone = {value.key for value in axis.values}
    return set(values) >= (everyone & WITHOUT_DANGER if axis.key == "symptoms" else everyone)
