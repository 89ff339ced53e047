"""What a message says, before it is anybody's."""

from dataclasses import dataclass
from typing import Any

LONGEST_TITLE, LONGEST_BODY = 120, 400  # characters; a push service takes 4,096 bytes in all


@dataclass(frozen=True, slots=True)
class Words:
    """Title, text and the page to open, in one language."""

    title: str
    body: str
    url: str

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
