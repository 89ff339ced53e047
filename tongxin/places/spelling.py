"""Chinese names in Latin letters, where a file brings none of its own."""

from pypinyin import lazy_pinyin

from tongxin.places.rules import base_names


def pinyin_of(name_zh: str) -> str:
    """Syllables without tones, a space between them.

    >>> pinyin_of("洪湖市")
    'hong hu shi'
    """
    return " ".join(lazy_pinyin(name_zh))


def romanised(name_zh: str) -> str:
    """The name without its class word, as maps write it in Latin letters.

    >>> romanised("洪湖市"), romanised("西安市"), romanised("恩施土家族苗族自治州")
    ('Honghu', "Xi'an", 'Enshi')
    """
    written = ""
    for syllable in lazy_pinyin((base_names(name_zh) or (name_zh,))[0]):
        written += ("'" if written and syllable[0] in "aoe" else "") + syllable
    return written[:1].upper() + written[1:]
