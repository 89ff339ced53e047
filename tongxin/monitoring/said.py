"""What somebody says of one day, whatever way it comes, and the same as FHIR answers.

Plain Python, so that page, WeChat, text message and sheet say exactly the same.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from tongxin.monitoring.refusals import NoTemperature, NotUnderstood
from tongxin.monitoring.rules import Facts

SNOMED = "http://snomed.info/sct"
OURS = "https://tongxin.example/CodeSystem/health-log"
UCUM = "http://unitsofmeasure.org"
CELSIUS, FAHRENHEIT = "Cel", "[degF]"
UNITS = {CELSIUS: "°C", FAHRENHEIT: "°F"}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One day of one person. ``temperature`` in ``unit``; codes as in the form. Empty: not said."""

    temperature: Decimal | None = None
    unit: str = CELSIUS
    symptoms: tuple[str, ...] = ()
    other: str = ""
    since: date | None = None
    feeling: str = ""
    contact: str = ""
    contact_on: date | None = None
    travelled: bool | None = None
    places: tuple[str, ...] = ()
    took_medicine: bool | None = None
    medicine: str = ""

    @property
    def celsius(self) -> Decimal | None:
        """To one tenth, halves upwards, as thermometers round.

        >>> Said(Decimal("100.4"), FAHRENHEIT).celsius
        Decimal('38.0')
        """
        if self.temperature is None:
            return None
        value = self.temperature
        if self.unit == FAHRENHEIT:
            value = (value - 32) * 5 / 9
        return value.quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")

    def facts(self, *, is_danger_in_words: bool) -> Facts:
        """What decides how urgent it is."""
        return Facts(
            celsius=self.celsius,
            symptoms=frozenset(self.symptoms),
            feeling=self.feeling,
            is_danger_in_words=is_danger_in_words,
            has_other=bool(self.other),
        )


def temperature(text: str, unit: str = CELSIUS) -> Decimal | None:
    """A temperature as it was typed; None where nothing was.

    Full-width digits, a comma for the point, and "365" for 36.5 are read; a number that fits only
    the other unit is refused, not guessed.

    Raises:
        NoTemperature

    >>> temperature("３７，２"), temperature("365"), temperature(" ")
    (Decimal('37.2'), Decimal('36.5'), None)
    """
    plain = _plain(text).strip().replace(",", ".").replace("。", ".")
    if not plain:
        return None
    found = re.fullmatch(r"(\d{2,3}(?:\.\d{1,2})?)\s*(?:°|度|℃|C|F)*", plain, re.IGNORECASE)
    if not found:
        raise NoTemperature(text=text[:20], unit=UNITS[unit])
    value = Decimal(found[1])
    if unit == CELSIUS and "." not in found[1] and 300 <= value <= 440:
        value /= 10
    low, high = (30, 44) if unit == CELSIUS else (86, Decimal("111.2"))
    if not low <= value <= high:
        raise NoTemperature(text=text[:20], unit=UNITS[unit])
    return value.quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")


WORDS = {
    "386661006": ("发热", "发烧", "fever", "feverish"),
    "49727002": ("咳嗽", "干咳", "咳", "cough"),
    "267036007": (
        "气短",
        "气促",
        "气喘",
        "憋气",
        "呼吸困难",
        "喘不上气",
        "breathless",
        "short of breath",
    ),
    "29857009": ("胸痛", "胸闷", "chest pain", "chest"),
    "162397003": ("咽痛", "嗓子疼", "喉咙痛", "sore throat", "throat"),
    "84229001": ("乏力", "疲劳", "没力气", "tired", "tiredness"),
    "68962001": ("肌肉酸痛", "肌肉痛", "浑身疼", "aching", "muscle pain"),
    "62315008": ("腹泻", "拉肚子", "diarrhoea", "diarrhea"),
    "44169009": ("嗅觉丧失", "味觉丧失", "闻不到", "no smell", "no taste"),
}
WELL = (
    "无异常",
    "没有不适",
    "无不适",
    "一切正常",
    "健康",
    "正常",
    "无",
    "好",
    "well",
    "fine",
    "ok",
    "none",
)
WORSE = {"much-worse": ("差很多", "much worse"), "worse": ("加重", "更差", "worse")}
BETTER = ("好转", "好些", "better")
OTHER = re.compile(r"(其他|其它|另外|other)\s*:")
FILLING = re.compile(r"[\s,，、;；.。:：/+和]+|体温|\btemp\b|\band\b|度")
SPACES = re.compile(r"\s+")
DENIED = re.compile(r"不|没|无|\bno\b|\bnot\b")
NUMBER = re.compile(r"\d{2,3}(?:[.,]\d{1,2})?\s*(°\s*[CF]|℃|℉|[CF]\b|度)?", re.IGNORECASE)


def read(text: str, *, is_own: bool = False) -> Said:
    """A few words in Chinese or English, as in a message or a cell of a sheet.

    A bare number is °C from 30 to 44 (or 300 to 440) and °F from 86 to 111. "Other: …" at the end
    keeps what watches as it is.

    Args:
        is_own: somebody writes of themselves: what is no known word is kept too, but not where it
            comes first, for it may be a name.

    Raises:
        NotUnderstood: nothing is left out silently.
        NoTemperature

    >>> read("37.8 咳嗽 乏力").symptoms
    ('49727002', '84229001')
    >>> read("98.6 ok").celsius, read("健康").symptoms, read("36.5 其他：牙疼").other
    (Decimal('37.0'), (), '牙疼')
    """
    plain, _, other = _parted(_plain(text).lower().strip())
    rest, said = plain, Said()
    number = NUMBER.search(rest)
    if number:
        said = _with_number(said, number)
        rest = _without(rest, number[0])
    rest, symptoms = _taken(rest, WORDS)
    rest, feelings = _taken(rest, {**WORSE, "better": BETTER})
    rest, well = _taken(rest, {"well": WELL})
    left = FILLING.sub("", rest)
    if left and not (is_own and not other and _comes_later(rest, plain)):
        raise NotUnderstood(text=text[:60])
    if symptoms and well or not (number or symptoms or well or feelings or other):
        raise NotUnderstood(text=text[:60])
    feeling = feelings[0] if feelings else ""
    words = other or (SPACES.sub(" ", rest).strip(" ,，、。.;；") if left else "")
    return replace(said, symptoms=symptoms, feeling=feeling, other=words[:LONGEST])


def _plain(text: str) -> str:
    """Full-width letters as usual ones, and "38度9", "38度半" as 38.9 and 38.5 degrees.

    >>> _plain("３８度半"), _plain("38度9"), _plain("38度")
    ('38.5度', '38.9度', '38度')
    """
    plain = unicodedata.normalize("NFKC", text)
    tenths = re.sub(r"(\d{2})度(\d)(?!\d)", r"\1.\2度", plain)
    return re.sub(r"(\d{2})度半", r"\1.5度", tenths)


def _parted(plain: str) -> tuple[str, str, str]:
    """What comes before "other:", the mark, and what comes after it."""
    found = OTHER.search(plain)
    if not found:
        return plain, "", ""
    return plain[: found.start()], found[0], plain[found.end() :].strip()


def _comes_later(rest: str, plain: str) -> bool:
    """Whether something that was understood stands before what was not, and nothing is denied."""
    known = next((at for at, (a, b) in enumerate(zip(rest, plain, strict=True)) if a != b), None)
    unknown = len(rest) - len(rest.lstrip(" ,，、。.:"))
    return known is not None and known < unknown and not DENIED.search(rest)


def _with_number(said: Said, number: re.Match[str]) -> Said:
    plain = re.sub(r"[^\d.,]", "", number[0])
    unit = (number[1] or "").replace(" ", "").upper()
    value = Decimal(plain.replace(",", "."))
    is_fahrenheit = unit in {"F", "°F", "℉"} or (not unit and 86 <= value <= 112)
    used = FAHRENHEIT if is_fahrenheit else CELSIUS
    return replace(said, temperature=temperature(plain, used), unit=used)


def _taken(rest: str, words: dict[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """What is left of the text, and the codes of the words that were in it, longest words first."""
    found = []
    pairs = [(word, code) for code, many in words.items() for word in many]
    for word, code in sorted(pairs, key=lambda pair: -len(pair[0])):
        if word in rest:
            rest = _without(rest, word)
            found.append(code)
    return rest, tuple(code for code in words if code in found)


def _without(text: str, word: str) -> str:
    """The text with blanks where the word stood, so that all else keeps its place."""
    return text.replace(word, " " * len(word))


def as_response(said: Said) -> dict[str, Any]:
    """The FHIR QuestionnaireResponse to the form `daily-health-log`: only what was said."""
    items = [
        *_item("temperature", _quantity(said)),
        *_illness(said),
        *_item("feeling", *_ours(said.feeling)),
        *_item("contact", *_ours(said.contact)),
    ]
    if said.contact == "yes" and said.contact_on:
        items += _item("contact-on", {"valueDate": said.contact_on.isoformat()})
    if said.travelled is not None:
        items += _item("travelled", {"valueBoolean": said.travelled})
    for place in said.places if said.travelled else ():
        where = _item("travel-place", {"valueString": place[:LONGEST]})
        items.append({"linkId": "travel", "item": where})
    if said.took_medicine is not None:
        items += _item("took-medicine", {"valueBoolean": said.took_medicine})
    if said.took_medicine and said.medicine:
        items += _item("medicine", {"valueString": said.medicine[:LONGEST]})
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": items}


def _illness(said: Said) -> list[dict[str, Any]]:
    codes = [_coding(SNOMED, code) for code in said.symptoms]
    codes += _ours("other" if said.other else "")
    items = _item("symptoms", *(codes or _ours("none")))
    if said.other:
        items += _item("symptoms-other", {"valueString": said.other[:LONGEST]})
    if codes and said.since:
        items += _item("symptoms-since", {"valueDate": said.since.isoformat()})
    return items


def _quantity(said: Said) -> dict[str, Any]:
    if said.temperature is None:
        return {}
    value = {"value": float(said.temperature), "unit": UNITS[said.unit]}
    return {"valueQuantity": {**value, "system": UCUM, "code": said.unit}}


def _item(link: str, *answers: dict[str, Any]) -> list[dict[str, Any]]:
    """One item, or none where there is no answer."""
    given = [answer for answer in answers if answer]
    return [{"linkId": link, "answer": given}] if given else []


def _ours(code: str) -> list[dict[str, Any]]:
    return [_coding(OURS, code)] if code else []


def from_response(answers: dict[str, Any]) -> Said:
    """What such a response says, to be offered again the next day."""
    found = {item["linkId"]: item for item in answers.get("item", ()) if item["linkId"] != "travel"}

    def values(link: str, kind: str) -> list[Any]:
        return [one[kind] for one in found.get(link, {}).get("answer", ()) if kind in one]

    def code(link: str) -> str:
        return next((one["code"] for one in values(link, "valueCoding")), "")

    def yes(link: str) -> bool | None:
        return next(iter(values(link, "valueBoolean")), None)

    def text(link: str) -> str:
        return next(iter(values(link, "valueString")), "")

    quantity = next(iter(values("temperature", "valueQuantity")), None)
    symptoms = [one for one in values("symptoms", "valueCoding") if one.get("system") == SNOMED]
    since = next(iter(values("symptoms-since", "valueDate")), None)
    return Said(
        temperature=Decimal(str(quantity["value"])) if quantity else None,
        unit=quantity["code"] if quantity else CELSIUS,
        symptoms=tuple(one["code"] for one in symptoms),
        other=text("symptoms-other"),
        since=date.fromisoformat(since) if since else None,
        feeling=code("feeling"),
        contact=code("contact"),
        travelled=yes("travelled"),
        took_medicine=yes("took-medicine"),
        medicine=text("medicine"),
    )


def _coding(system: str, code: str) -> dict[str, Any]:
    return {"valueCoding": {"system": system, "code": code}}
