"""What a log may say of an address: neither the number of a record nor the code of a receipt."""

import logging
import re

HIDDEN = re.compile(
    r"(/receipt/)[^/?\s]+|(/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    re.IGNORECASE,
)


def hidden(text: str) -> str:
    """The text without what names somebody.

    >>> hidden("Not Found: /my/00000000-0000-0000-0000-000000000001/record/")
    'Not Found: /my/-/record/'
    >>> hidden("Not Found: /en/ask/receipt/ABCD-EFGH-2345-6789/")
    'Not Found: /en/ask/receipt/-/'
    """
    return HIDDEN.sub(lambda found: f"{found[1] or found[2]}-", text)


class HidePaths(logging.Filter):
    """Everything the application logs goes through here."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hidden(record.getMessage()), ()
        return True
