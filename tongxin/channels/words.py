"""What a message says, before it is anybody's."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

LONGEST_TITLE, LONGEST_BODY, LONGEST_TEXT = (
    120,
    400,
    300,
)  # characters; a push service takes 4,096 bytes in all


@dataclass(frozen=True, slots=True)
class Words:
    """Title, text and the page to open, in one language."""

    title: str
    body: str
    url: str

    @property
    def address(self) -> str:
        """The page's whole address, for who does not read it on this site."""
        return settings.PUBLIC_URL + self.url if self.url.startswith("/") else self.url

    def as_text(self) -> str:
        """As a short message says it; the address is never cut."""
        return f"{_cut(f'{self.title}: {self.body}', LONGEST_TEXT)} {self.address}".strip()

    def payload(self, *, language: str, tag: str) -> dict[str, Any]:
        """As the service worker shows it; of one tag only the last is shown."""
        return {
            "title": _cut(self.title, LONGEST_TITLE),
            "body": _cut(self.body, LONGEST_BODY),
            "url": self.url,
            "tag": tag,
            "lang": language,
        }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
