"""One normal form of a text for matching, whoever typed it and however they hid it."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# Letters that are drawn like Latin ones. Only letters that deceive the eye stand here.
# Source: Unicode Technical Standard 39, confusables, Cyrillic and Greek against ASCII.
CYRILLIC = "аa еe оo рp сc уy хx іi ѕs јj ԁd һh ԛq ԝw вb кk мm нh тt гr ѵv"
GREEK = "αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ωw ϲc ϳj μu"
LOOK_ALIKES = {pair[0]: pair[1] for pair in (CYRILLIC + " " + GREEK).split()}
LETTER_RUN = re.compile(r"[^\W\d_]+")
LATIN = re.compile(r"[a-z]")
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_LETTER = re.compile(f"[{HAN}]")
LATIN_WORD = re.compile(r"[a-zA-Z]+")
APOSTROPHES = set("'’‘ʼ`´＇")
LONGEST = 4000
"""Characters that are read at all; a longer text is cut there."""


@dataclass(frozen=True)
class NormalText:
    """A normal form, and for each of its characters the offset in the text it came from."""

    text: str
    offsets: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stood in the original, end exclusive."""
        return self.offsets[start], self.offsets[end - 1] + 1


def normal(text: str) -> str:
    """The form under which two spellings of one sentence are equal.

    >>> normal("发烧 了,怎么办？？")
    '发烧了怎么办'
    >>> normal("Does COVІD-19 kiⅼⅼ?")  # a Cyrillic letter and Roman numerals
    'does covid 19 kill'
    """
    return normal_with_offsets(text).text


def normal_with_offsets(text: str) -> NormalText:
    """As `normal`, with the way back to the original characters."""
    marks = fold_look_alikes(spelled_out(text[:LONGEST]))
    marks = plain_punctuation(marks)
    marks = single_spaces(fewer_repeats(marks))
    return NormalText("".join(m for m, _ in marks), tuple(at for _, at in marks))


Marks = list[tuple[str, int]]


def spelled_out(text: str) -> Marks:
    """Lower-case compatibility letters; marks, controls and invisible characters dropped."""
    marks: Marks = []
    for at, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).lower():
            kind = unicodedata.category(part)
            if kind in UNSEEN or part in APOSTROPHES:
                continue
            marks.append((" " if kind == "Cc" else simplified(part), at))
    return marks


def fold_look_alikes(marks: Marks) -> Marks:
    """Cyrillic and Greek letters inside a word with Latin ones become what they look like."""
    text, folded = "".join(m for m, _ in marks), list(marks)
    for run in LETTER_RUN.finditer(text):
        if LATIN.search(run.group()):
            for place in range(*run.span()):
                letter, at = marks[place]
                folded[place] = (LOOK_ALIKES.get(letter, letter), at)
    return folded


def plain_punctuation(marks: Marks) -> Marks:
    """Signs become spaces, but for a point between digits and the signs that count something."""
    plain: Marks = []
    for place, (letter, at) in enumerate(marks):
        point = letter in ".:" and is_digit(marks, place - 1) and is_digit(marks, place + 1)
        keep = letter.isalnum() or letter in "%℃°" or point
        plain.append((letter if keep else " ", at))
    return plain


def is_digit(marks: Marks, place: int) -> bool:
    return 0 <= place < len(marks) and marks[place][0].isdigit()


def fewer_repeats(marks: Marks) -> Marks:
    """Three or more of one letter in a row become one; digits are left alone."""
    kept: Marks = []
    place = 0
    while place < len(marks):
        end = place
        while end < len(marks) and marks[end][0] == marks[place][0]:
            end += 1
        many = end - place >= 3 and marks[place][0].isalpha()
        kept += marks[place : place + 1] if many else marks[place:end]
        place = end
    return kept


def single_spaces(marks: Marks) -> Marks:
    """No space at the ends or beside a Chinese character; elsewhere one at most."""
    kept: Marks = []
    space: tuple[str, int] | None = None
    for letter, at in marks:
        if letter.isspace():
            space = space or (" ", at)
            continue
        if space and kept and not (is_han(letter) or is_han(kept[-1][0])):
            kept.append(space)
        kept.append((letter, at))
        space = None
    return kept


def is_han(letter: str) -> bool:
    return HAN_LETTER.match(letter) is not None


def simplified(letter: str) -> str:
    """The simplified form of a traditional character; anything else unchanged.

    Character by character, so that offsets hold: the rare words whose characters change
    together are left as they are.
    """
    return simplified_forms().get(letter, letter) if letter > "\u3400" else letter


@lru_cache(maxsize=1)
def simplified_forms() -> dict[str, str]:
    """Traditional → simplified character, from OpenCC's table, first choice each."""
    table = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {one: many.split(" ")[0] for one, many in pairs if len(one) == 1}


def language(text: str) -> str:
    """``zh``, ``en``, ``mixed`` or ``other``, by the writing alone.

    >>> [language(t) for t in ("发烧怎么办", "做CT要钱吗", "is 核酸检测 test free 吗", "¿?")]
    ['zh', 'zh', 'mixed', 'other']
    """
    plain = normal(text[:LONGEST])
    han, words = len(HAN_LETTER.findall(plain)), len(LATIN_WORD.findall(plain))
    if not han and not words:
        return "other"
    if not han or han * 4 < words:
        return "en"
    return "zh" if words <= 1 or words * 8 <= han else "mixed"


QUESTION_EN = re.compile(
    r"(what|when|where|who|whom|whose|which|why|how|is|are|was|were|do|does|did|can|could|"
    r"should|shall|will|would|may|might|must|has|have|had|am)(nt|n't|s|'s)?\b",
    re.IGNORECASE,
)
QUESTION_ZH = re.compile(r"吗|么|呢$|几|多[少久长大]|谁|哪|何|是否|能否|可否|([一-鿿])不\1")
THE_DISEASE = re.compile(r"\b(covid|sars-cov-2|ncov)(?:[\s-]?19)?\b", re.IGNORECASE)
HAN_GAP = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
UNSEEN = {"Cf", "Mn", "Me", "Cs", "Co", "Cn"}
ENDS = ".?!。？！…"


def readable(text: str) -> str:
    """The text as a careful writer would type it: what a sentence encoder understands best.

    >>> readable("can i get covid twice")
    'Can i get COVID-19 twice?'
    >>> readable("發燒了怎麼辦")
    '发烧了怎么办?'
    """
    shown = unicodedata.normalize("NFKC", text[:LONGEST])
    kinds = ((letter, unicodedata.category(letter)) for letter in shown)
    kept = (" " if kind == "Cc" else simplified(m) for m, kind in kinds if kind not in UNSEEN)
    shown = HAN_GAP.sub("", "".join(kept))
    shown = LETTER_RUN.sub(lambda run: look_alike_word(run.group()), shown)
    shown = THE_DISEASE.sub("COVID-19", " ".join(shown.split()))
    shown = shown[:1].upper() + shown[1:]
    asks = QUESTION_EN.match(shown) or QUESTION_ZH.search(shown)
    return shown + "?" if asks and shown[-1] not in ENDS else shown


def look_alike_word(word: str) -> str:
    if not LATIN.search(word.lower()) or word.isascii():
        return word
    return "".join(LOOK_ALIKES.get(letter.lower(), letter) for letter in word)
