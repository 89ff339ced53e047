"""How the code of a receipt is written in WeChat, whichever app has given it."""

import re

from tongxin.channels.wechat.messages import Content, text_of

NAMED = re.compile(
    r"^\s*(?:查|查询|看|您的|我的|your |my )?(?:回执|receipt)(?:码| code)?\s*[:：]?\s*"
    r"([A-Z0-9][A-Z0-9 \-—–]{11,40})\s*$",
    re.I,
)
SIGNED = re.compile(r"[0-9\-—–]")  # what tells a code, even mistyped, from words
BARE = re.compile(r"^\s*([A-HJ-NP-Z2-9]{4}(?:[ \-—–]?[A-HJ-NP-Z2-9]{4}){3})\s*$", re.I)


def code_in(content: Content) -> str:
    """The code that somebody asks about, as they wrote it; "" where they ask about none.

    >>> from tongxin.channels.wechat.messages import Text
    >>> code_in(Text("回执 abcd-efgh-2345-6789")), code_in(Text("ABCDEFGH23456789"))
    ('abcd-efgh-2345-6789', 'ABCDEFGH23456789')
    >>> code_in(Text("what is a receipt")), code_in(Text("receipt")), code_in(Text("发烧 38 度"))
    ('', '', '')
    >>> code_in(Text("receipt of the parcel")), code_in(Text("您的回执：ABCD-EFGH-2345-678"))
    ('', 'ABCD-EFGH-2345-678')
    """
    text = text_of(content)
    found = BARE.match(text) or NAMED.match(text)
    code = found[1].strip() if found else ""
    return code if BARE.match(code) or SIGNED.search(code) else ""
