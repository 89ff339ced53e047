"""What a published name or code says. Plain Python: no Django, no clock, no database."""

import re
import unicodedata
from datetime import date

# The 55 recognised groups as autonomous areas write them, the short forms among them
# (State Ethnic Affairs Commission's list; GB/T 3304-1991).
# fmt: off
GROUPS = [
    "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白",
    "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡",
    "纳西", "景颇", "柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬",
    "锡伯", "阿昌", "普米", "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安",
    "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺", "各",
]
# fmt: on
_WRITTEN_WITHOUT_ZU = {"蒙古", "维吾尔", "哈萨克", "柯尔克孜", "塔吉克", "锡伯"}
_GROUP_WORDS = sorted(
    {f"{group}族" for group in GROUPS} | _WRITTEN_WITHOUT_ZU, key=len, reverse=True
)
# Class words, longest first, with the short class word that people write in their place.
_CLASS_WORDS = {
    "特别行政区": "",
    "自治区": "",
    "自治州": "州",
    "自治县": "县",
    "自治旗": "旗",
    "地区": "",
    "林区": "",
    "新区": "区",
    "省": "",
    "市": "",
    "盟": "",
    "州": "",
    "县": "",
    "区": "",
    "旗": "",
}
_CLASS_WORDS_EN = (
    "special administrative region",
    "autonomous region",
    "autonomous prefecture",
    "autonomous county",
    "autonomous banner",
    "forestry district",
    "new area",
    "municipality",
    "prefecture",
    "district",
    "province",
    "banner",
    "county",
    "league",
    "city",
)
_GB = re.compile(r"^(?:CN-?)?([1-8][0-9]{5}|[1-8][0-9]{8}|[1-8][0-9]{11})$", re.IGNORECASE)
_CODE = re.compile(r"^[A-Za-z]{2}(?:-[A-Za-z0-9]+)*$|^[0-9]{3}$")


def key_of(name: str) -> str:
    """The name as it is compared: no accents, case, spaces or punctuation.

    >>> key_of(" Côte d'Ivoire ")
    'cotedivoire'
    >>> key_of("「钻石公主」号邮轮"), key_of("呼和浩特（新城区）")
    ('钻石公主号邮轮', '呼和浩特新城区')
    >>> key_of("ＷＵＨＡＮ"), key_of("Lüliang")
    ('wuhan', 'luliang')
    """
    loose = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name))
    bare = "".join(c for c in loose if not unicodedata.combining(c) and c.isalnum())
    return unicodedata.normalize("NFKC", bare).casefold()


def base_names(name_zh: str) -> tuple[str, ...]:
    """Shorter names people write for a Chinese official name, the shortest first.

    >>> base_names("恩施土家族苗族自治州")
    ('恩施', '恩施州', '恩施自治州')
    >>> base_names("浦东新区"), base_names("内蒙古自治区"), base_names("神农架林区")
    (('浦东', '浦东区'), ('内蒙古',), ('神农架',))
    >>> base_names("歙县"), base_names("鄂温克族自治旗"), base_names("郊区")
    ((), ('鄂温克族', '鄂温克族旗'), ())
    """
    fits = (w for w in _CLASS_WORDS if name_zh.endswith(w) and len(name_zh) - len(w) >= 2)
    word = next(fits, "")
    if not word:
        return ()
    short = _CLASS_WORDS[word]
    stem = name_zh[: -len(word)]
    base = _without_groups(stem) if word.startswith("自治") else stem
    names = [base]
    if short:
        names.append(base + short)
    if base != stem:
        names.append(base + word)
    return tuple(dict.fromkeys(names))


def _without_groups(stem: str) -> str:
    while True:
        for word in _GROUP_WORDS:
            if stem.endswith(word) and len(stem) - len(word) >= 2:
                stem = stem[: -len(word)]
                break
        else:
            return stem


def base_name_en(name_en: str) -> str:
    """An English name without the word for its class, or '' when there is none.

    >>> base_name_en("Jiang'an District"), base_name_en("Honghu City"), base_name_en("Wuhan")
    ("Jiang'an", 'Honghu', '')
    >>> base_name_en("Grand Princess (Canada)")
    'Grand Princess'
    """
    if name_en.endswith(")"):
        return name_en.rpartition(" (")[0]
    for word in _CLASS_WORDS_EN:
        if name_en.casefold().endswith(" " + word):
            return name_en[: -len(word) - 1]
    return ""


def code_of(text: str) -> str | None:
    """The code that ``text`` is written as, or None when it is not written as one.

    >>> code_of("420000"), code_of("CN-421083"), code_of("hk"), code_of("CA-bc")
    ('CN-420000', 'CN-421083', 'HK', 'CA-bc')
    >>> code_of("湖北") is None, code_of("4200") is None, code_of("9999999") is None
    (True, True, True)
    """
    text = text.strip()
    if found := _GB.match(text):
        return f"CN-{found[1]}"
    if _CODE.match(text):
        return text[:2].upper() + text[2:]
    return None


def level_of_gb(code: str) -> str:
    """The level that a GB/T 2260 code (6 digits) or GB/T 10114 code (9 or 12) speaks of.

    >>> [level_of_gb(c) for c in ("420000", "420100", "421083", "429004", "421083100")]
    ['province', 'prefecture', 'county', 'county', 'township']
    """
    if len(code) > 6:
        return "township"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def parent_of_gb(code: str) -> str:
    """The code above a GB/T 2260 code: counties that a province runs itself hang on it.

    >>> [parent_of_gb(c) for c in ("420000", "420100", "421083", "429004", "110105", "500230")]
    ['CN', 'CN-420000', 'CN-421000', 'CN-420000', 'CN-110000', 'CN-500000']
    >>> parent_of_gb("421083100")
    'CN-421083'
    """
    if len(code) > 6:
        return f"CN-{code[:6]}"
    level = level_of_gb(code)
    if level == "province":
        return "CN"
    run_by_province = code[2:4] == "90" or code[:2] in {"11", "12", "31", "50"}
    if level == "prefecture" or run_by_province:
        return f"CN-{code[:2]}0000"
    return f"CN-{code[:4]}00"


def stands(valid_from: date | None, valid_to: date | None, on: date | None) -> bool:
    """Whether a place exists ``on`` that day; with no day asked, whether it has no end.

    >>> ended = (None, date(2019, 1, 9))
    >>> stands(*ended, date(2019, 1, 8)), stands(*ended, date(2019, 1, 9)), stands(*ended, None)
    (True, False, False)
    """
    if on is None:
        return valid_to is None
    return (valid_from is None or valid_from <= on) and (valid_to is None or on < valid_to)
