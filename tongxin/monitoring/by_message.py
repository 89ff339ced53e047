"""A log in a message, whether by WeChat or as a text: read, taken, and answered in words.

"打卡 36.5 咳嗽" is one's own; "打卡 李奶奶 37.8" is of somebody one acts for, by their name.
Several people go into one message, a line each.
"""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from tongxin.assistant.red_flags import danger_by_rules
from tongxin.monitoring import actions, queries
from tongxin.monitoring.models import Entry, Level
from tongxin.monitoring.refusals import NotUnderstood
from tongxin.monitoring.said import Said, read
from tongxin.people.models import Person, User
from tongxin.refusal import Refusal

KEYWORD = re.compile(r"\s*(?:健康打卡|打卡|健康登记|登记|log(?![a-z]))[\s:：，,]*", re.IGNORECASE)
LINES = re.compile(r"[\n;；]+")
BARE = re.compile(r"\s*\d{2,3}(?:[.．]\d)?\s*(?:°|度|℃|C|F|$|\s|[,，、])", re.IGNORECASE)
LONGEST = 500


def log_in(text: str) -> str | None:
    """What watches the keyword, or a message that begins with a temperature; None for others.

    >>> log_in("打卡 36.5"), log_in("36.5 咳嗽"), log_in("36 people came")
    ('36.5', '36.5 咳嗽', None)
    """
    found = KEYWORD.match(text)
    if found:
        return text[found.end() : LONGEST].strip()
    if not BARE.match(text):
        return None
    try:
        read(text[:LONGEST], is_own=False)
    except Refusal:
        return None
    return text[:LONGEST].strip()


def has_keyword(text: str) -> bool:
    """Whether the message says itself that it is a log."""
    return bool(KEYWORD.match(text))


def is_danger(text: str) -> bool:
    """Whether a message that cannot be read as a log tells of danger, by rules: what was learned
    is learned from whole sentences, and hears danger in a stray word."""
    return danger_by_rules(text[:LONGEST]).level == "now"


def taken(
    text: str, people: Sequence[Person], *, user: User, key: str, via: str, at: datetime
) -> str:
    """Log what the message says, all lines or none, and say what was taken.

    Args:
        people: of the household, oneself first.
        key: the same when the message comes again.

    Raises:
        NotUnderstood, NoTemperature: nothing was taken.
    """
    lines = [
        actions.Line(person, said, _key(key, number))
        for number, (person, said) in enumerate(read_lines(text, people))
    ]
    entries = actions.log_household(lines, by=user, via=via, language=get_language(), at=at)
    return answer(entries, at=at)


def read_lines(text: str, people: Sequence[Person]) -> list[tuple[Person, Said]]:
    """Who is how. A line begins with a name of the household, or is one's own.

    Raises:
        NotUnderstood, NoTemperature
    """
    parts = [part.strip() for part in LINES.split(text) if part.strip()]
    if not parts:
        raise NotUnderstood(text=text[:60])
    return [_read_line(part, people) for part in parts]


def _read_line(part: str, people: Sequence[Person]) -> tuple[Person, Said]:
    for person in sorted(people, key=lambda one: -len(one.name)):
        if person.name and part.lower().startswith(person.name.lower()):
            return person, read(part[len(person.name) :].lstrip(" :：,，"), is_own=True)
    return people[0], read(part, is_own=True)


def answer(entries: Sequence[Entry], *, at: datetime) -> str:
    """What was taken, in one message; danger first."""
    said = [_entry_in_words(entry) for entry in entries]
    lines = [gettext("Taken: {entries}").format(entries="; ".join(said))]
    if any(entry.level == Level.DANGER for entry in entries):
        number = settings.EMERGENCY_NUMBER
        lines.insert(0, gettext("This can be dangerous. Call {number} now.").format(number=number))
    for entry in entries:
        task = queries.open_task_of(entry.person) if entry.level >= Level.FEVER else None
        if task:
            lines.append(
                gettext("{name} of {body} has been told and is to look by {due}.").format(
                    name=task.owner.shown_name,
                    body=task.body.name,
                    due=localtime(task.due_at).strftime("%H:%M"),
                )
            )
    lines.append(gettext("Something wrong? Send it again."))
    return "\n".join(lines)


def _entry_in_words(entry: Entry) -> str:
    parts = [entry.person.name or gettext("Me")]
    parts += [f"{entry.celsius} °C"] if entry.celsius is not None else []
    parts += [entry.symptom_names] if entry.symptoms else []
    if not entry.symptoms:
        parts.append(str(Level(entry.level).label))
    return " ".join(parts)


def how_to(names: Sequence[str]) -> str:
    """How a log is written in a message, with a name of one's own household as the example."""
    lines = [gettext("Write “log 36.5 well” or “log 37.8 cough”.")]
    if names:
        lines.append(gettext("For {name}: “log {name} 36.5 well”.").format(name=names[0]))
    lines.append(page())
    lines.append(
        gettext("In danger of life call {number}.").format(number=settings.EMERGENCY_NUMBER)
    )
    return "\n".join(lines)


def page() -> str:
    """The address of the page."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("my_log")


def _key(key: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{key}:{number}"))
