"""Keys and hashes by which a submission is known again. Plain Python."""

import json
import re
from hashlib import sha256
from typing import Any

KEY = re.compile(r"[A-Za-z0-9-]{16,80}")
KEPT_DAYS = 30


def is_key(key: object) -> bool:
    """Whether a client's key can keep its submission apart from all others.

    >>> is_key("0b7e9a52-5f1c-4f6e-9a53-1f2d9e3c4b5a"), is_key("1")
    (True, False)
    """
    return isinstance(key, str) and bool(KEY.fullmatch(key))


def content_hash(content: Any) -> str:
    """SHA-256 of canonical JSON: the same for the same content however it was written.

    >>> content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
