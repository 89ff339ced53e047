"""The one exception this package raises for people: the database cannot be had, and why."""

from collections.abc import Callable


class DatabaseUnavailable(Exception):
    """The database cannot be had. `str()` is English; `says` and `values` allow translation."""

    def __init__(self, says: str, **values: object) -> None:
        super().__init__(says.format(**values))
        self.says = says
        self.values = values

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The same message in the words of `gettext`."""
        return gettext(self.says).format(**self.values)


def noop(says: str) -> str:
    """The same text, marked for translation."""
    return says
