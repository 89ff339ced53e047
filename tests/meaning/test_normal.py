import pytest

from tongxin.meaning.normal import language, normal, normal_with_offsets, readable

PLAIN = "喝白酒能杀死新冠病毒"
HIDDEN = [
    "喝白酒能殺死新冠病毒！！！",
    "喝 白 酒 能杀死新冠病毒",
    "喝白酒\u200b能杀\u200d死新冠\ufeff病毒",
    "\u202e喝白酒能杀死新冠病毒\u202c",
    "【喝白酒】能杀死～新冠病毒…",
    "喝白酒能杀死死死死新冠病毒",
    "喝\n白酒\t能杀死\x00新冠病毒",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_tricks_of_writing_change_nothing_in_chinese(text):
    assert normal(text) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "Garlic cures COVID!",
        "GARLIC  cures   ｃｏｖｉｄ",
        "gаrlic сures соvid",  # Cyrillic а, с, о
        "g\u0301arlic c\u0336ures covid",
        "garlic\u200b cures co\u00advid",
        "𝐠𝐚𝐫𝐥𝐢𝐜 𝓬𝓾𝓻𝓮𝓼 𝕔𝕠𝕧𝕚𝕕",
        "garliiiiic cures covid???",
    ],
)
def test_tricks_of_writing_change_nothing_in_english(text):
    assert normal(text) == "garlic cures covid"


def test_real_russian_is_not_turned_into_latin_letters():
    assert normal("Маска") == "маска"


def test_numbers_keep_their_points_and_their_repeats():
    assert normal("体温 37.5℃, 10000人, 1:30") == "体温37.5°c 10000人1:30"


def test_negation_survives():
    assert normal("Don't wear it") == "dont wear it"
    assert "不" in normal("不要戴")


@pytest.mark.parametrize("text", ["", " ", "\u200b\u202e", "？！", "\x00" * 10])
def test_nothing_said_is_empty(text):
    assert normal(text) == ""


def test_a_word_found_is_shown_where_it_stood():
    typed = "他說：【喝 白\u200b酒】没事"
    found = normal_with_offsets(typed)
    start = found.text.index("白酒")
    first, last = found.original_span(start, start + 2)
    assert typed[first:last] == "白\u200b酒"


def test_a_flood_is_cut():
    assert len(normal("发烧" * 5_000_000)) <= 4000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("孩子发烧怎么办", "zh"),
        ("新冠PCR要多久", "zh"),
        ("what about my child", "en"),
        ("我可以 take ibuprofen with alcohol 吗", "mixed"),
        ("12345", "other"),
        ("привет", "other"),
    ],
)
def test_language(text, expected):
    assert language(text) == expected


@pytest.mark.parametrize("text", ["", "?", "\u200b", "covid", "戴口罩吗"])
def test_the_readable_form_does_not_change_when_read_again(text):
    assert readable(readable(text)) == readable(text)
