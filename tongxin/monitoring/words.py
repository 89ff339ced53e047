"""What staff and residents are told: no name, no answer, only that they should look."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext, override

from tongxin.channels.words import Words
from tongxin.monitoring.models import Task


def of_task(task: Task) -> Mapping[str, Words]:
    """To the owner of a task."""
    return _in_all(
        lambda: Words(
            gettext("{kind}: please look").format(kind=task.get_kind_display()),
            gettext("You have it. By {due}, then it goes on to the next.").format(
                due=localtime(task.due_at).strftime("%H:%M")
            ),
            _page("desk_log_task", task.pk),
        )
    )


def of_reminder() -> Mapping[str, Words]:
    """To whoever keeps a log."""
    return _in_all(
        lambda: Words(
            gettext("Today's health log"),
            gettext("Half a minute for you and those you look after."),
            _page("my_log"),
        )
    )


def _in_all(made) -> Mapping[str, Words]:
    found = {}
    for language, _ in settings.LANGUAGES:
        with override(language):
            found[language] = made()
    return found


def _page(name: str, *args: object) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=args)
