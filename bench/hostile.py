"""Questionnaires, answers, fields and WeChat's XML as an enemy would write them: a refusal, or an
answer; never another exception, never long, never large."""

import json
import random
import resource
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.rows import Row, Setting, at_most

CASES = 100_000
LONGEST_S, MOST_GROWTH_MB = 5.0, 300.0
SEED = 20200320
SHOWN = 5
CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
NAMES = ["a", "b", "c", "d", "%", "a b", "é", "'", "`", "\\", "𝒳", "0"]
WORDS = ["", " ", "x", "0", "-1", "9" * 40, "1e999", "NaN", "\x00", "\ud800", "<b>", "]]>", "’"]
WORDS += ["2020-02-30", "2020-01-01", "0000-00-00", "24:00:00", "true", "[]", "{}", "٣", "a" * 2000]
NUMBERS = [0, -1, 1, 2**31, -(2**63), 10**30, 1e308, -0.0, 0.1, float("inf"), float("nan")]
KINDS = ["Boolean", "Decimal", "Integer", "Date", "DateTime", "Time", "String", "Uri", "Coding"]
KINDS += ["Attachment", "Reference", "Quantity", "Instant", ""]
TYPES = ["boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url"]
TYPES += ["choice", "open-choice", "attachment", "reference", "quantity", "group", "display", "x"]
WELL_MADE: dict[str, list[Any]] = {
    "Boolean": [True, False],
    "Decimal": [0.1, 37.5, -1e17, 1e-9],
    "Integer": [0, 3, -(2**31), 2**31 - 1],
    "Date": ["2020", "2020-02", "2020-02-29", "0001-01-01", "9999-12-31"],
    "DateTime": ["2020-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2020"],
    "Time": ["00:00:00", "23:59:59.999"],
    "String": ["x", "𝒳", "a\nb", "1", "’" * 900],
    "Uri": ["urn:x", "https://example.org/?a=1"],
    "Coding": [{"code": "x"}, {"system": "urn:s", "code": "b", "display": "B"}, {"display": "y"}],
    "Attachment": [{"data": "aGk="}, {"url": "urn:x", "title": "t"}],
    "Reference": [{"reference": "Patient/1"}, {"display": "Rui"}],
    "Quantity": [{"value": 1}, {"value": -1e17, "code": "Cel"}, {"value": 0.1, "unit": "°C"}],
}
KIND_OF = {kind[0].lower() + kind[1:]: kind for kind in WELL_MADE if kind != "Uri"}
KIND_OF |= {"url": "Uri", "text": "String", "choice": "Coding", "x": "Integer", "g": ""}
KIND_OF.pop("coding")
EXTENSIONS = [CORE + name for name in ("minValue", "maxValue", "regex", "minLength", "variable")]
EXTENSIONS += [CORE + f"questionnaire-{n}" for n in ("unit", "unitOption", "maxOccurs", "hidden")]
EXTENSIONS += [CORE + "questionnaire-constraint", CORE + "translation", CORE + "ordinalValue"]
EXPRESSIONS = [
    SDC + n for n in ("calculatedExpression", "enableWhenExpression", "answerExpression")
]
EXPRESSIONS += [SDC + "initialExpression", CORE + "variable"]
PATHS = ["%resource", "%context", "item", "repeat(item)", "answer.value", "%x", "$this", "today()"]
PATHS += ["where(linkId='a')", "descendants()", "(1|2|3)", "'abc'", "1 'kg'", "@2020-01-01", "{}"]
CALLS = [".count()", ".sum()", ".combine(%resource)", ".replace('','aa')", ".matches('(a+)+$')"]
CALLS += [".power(99)", ".toString()", ".aggregate($this + $total)", ".repeat(item | item)", "[0]"]
CALLS += [" + 1", " / 0", " and true", " = %context", " | descendants()", ".round(400)"]
CALLS += [" as Quantity", ".select(%resource.item)", ".toQuantity()", ".trace('x')"]
CALLS += [".memberOf('x')", " ~ $this"]
LETTERS = [" ", "<", ">", "&", "&#0;", "&x;", "<![CDATA[", "]]>", "<!DOCTYPE a>", "\x00", "中", "𝒳"]


def measure(setting: Setting) -> list[Row]:
    """Exceptions that are no refusals, the longest case, and how much memory is taken."""
    import django

    django.setup()
    count = setting.of(CASES, 2_000)
    found = Found()
    before = peak_mb()
    chance = random.Random(SEED)
    tries = makers(chance)
    for number in range(count):
        found.attempt(tries[number % len(tries)])
    return rows(found, count, peak_mb() - before)


@dataclass
class Found:
    """What became of the cases."""

    refused: int = 0
    longest_s: float = 0.0
    slowest: str = ""
    crashes: dict[str, str] = field(default_factory=dict)

    def attempt(self, make: Callable[[], tuple[Any, Callable[[Any], None]]]) -> None:
        from tongxin.refusal import Refusal

        case, use = make()
        began = perf_counter()
        try:
            use(case)
        except Refusal:
            self.refused += 1
        except Exception as error:  # whatever it is, it is a find
            where = traceback.extract_tb(error.__traceback__)[-1]
            name = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
            self.crashes.setdefault(name, f"{error!s:.200} with {case!s:.1500}")
        took = perf_counter() - began
        if took > self.longest_s:
            self.longest_s, self.slowest = took, f"{case!s:.600}"


def rows(found: Found, count: int, growth_mb: float) -> list[Row]:
    """Three lines of the table; the cases themselves go to stderr, to be made tests of."""
    for name, case in list(found.crashes.items())[:SHOWN]:
        print(f"{name}\n  {case}", file=sys.stderr)
    print(f"slowest: {found.longest_s:.2f} s: {found.slowest}", file=sys.stderr)
    return [
        Row(
            "hostile: exceptions that are no refusal",
            f"{len(found.crashes)} kinds; {found.refused:,} refused",
            f"{count:,} cases",
            ratio=1.0 + len(found.crashes),
            goal="0",
            is_met=not found.crashes,
            runs=count,
            facts={"crashes": list(found.crashes)},
        ),
        Row(
            "hostile: longest case",
            f"{found.longest_s:.2f} s",
            f"{LONGEST_S:.0f} s",
            goal=f"<= {LONGEST_S:.0f} s",
            runs=count,
            **at_most(found.longest_s, LONGEST_S),
        ),
        Row(
            "hostile: growth of memory",
            f"{growth_mb:.0f} MB",
            f"{MOST_GROWTH_MB:.0f} MB",
            goal=f"<= {MOST_GROWTH_MB:.0f} MB",
            runs=count,
            **at_most(growth_mb, MOST_GROWTH_MB),
        ),
    ]


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def makers(chance: random.Random) -> list[Callable]:
    """Ways to make a case, each with what is done to it."""
    import tongxin.questionnaires
    from bench import hostile_uses as uses

    folder = Path(tongxin.questionnaires.__file__).parent / "forms"
    daily = json.loads((folder / "daily-health-log.json").read_bytes())
    make = Maker(chance)
    return [
        lambda: (make.questionnaire(), uses.questionnaire),
        lambda: (make.spoilt(daily), uses.questionnaire),
        lambda: (make.response(), uses.answers),
        lambda: (make.response(), uses.answers),
        lambda: (make.fields(), uses.fields),
        lambda: (make.fields(), uses.fields),
        lambda: (make.xml(), uses.wechat),
        lambda: (make.xml(), uses.wechat),
    ]


class Maker:
    """Hostile values, out of one source of chance so that a run can be repeated."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def one_of(self, *makes: Any) -> Any:
        made = self.chance.choice(makes)
        return made() if callable(made) else made

    def junk(self, depth: int = 3) -> Any:
        simple = [None, True, False, self.chance.choice(NUMBERS), self.chance.choice(WORDS)]
        kind = self.chance.randrange(len(simple) + 2 * (depth > 0))
        if kind < len(simple):
            return simple[kind]
        count = self.chance.randrange(4)
        if kind == len(simple):
            return [self.junk(depth - 1) for _ in range(count)]
        return {self.chance.choice(NAMES + WORDS): self.junk(depth - 1) for _ in range(count)}

    def rarely(self, value: Any) -> Any:
        return self.junk() if self.chance.random() < 0.02 else value

    def typed(self, prefix: str = "value", kind: str = "") -> dict[str, Any]:
        """Four of five are well made, so that more is reached than the first look at them."""
        if self.chance.random() < 0.8:
            kind = kind or self.chance.choice(list(WELL_MADE))
            return {prefix + kind: self.chance.choice(WELL_MADE[kind])}
        values = [*NUMBERS, *WORDS, {"code": "x"}, {"value": 1}, {"value": 1, "code": "Cel"}]
        values += [{"display": "x", "system": "urn:x"}, {"reference": "Patient/1"}, True]
        return {prefix + self.chance.choice(KINDS): self.chance.choice(values)}

    def expression(self) -> dict[str, Any]:
        text = self.chance.choice(PATHS)
        for _ in range(self.chance.randrange(5)):
            text += self.one_of("." + self.chance.choice(PATHS), self.chance.choice(CALLS))
        language = self.chance.choice(["text/fhirpath"] * 5 + ["text/cql"])
        return {"language": language, "expression": text, "name": self.chance.choice(["x", "y"])}

    def extension(self) -> dict[str, Any]:
        if self.chance.random() < 0.5:
            url = self.chance.choice(EXPRESSIONS)
            return {"url": url, "valueExpression": self.rarely(self.expression())}
        made = {"url": self.chance.choice(EXTENSIONS), **self.typed()}
        if self.chance.random() < 0.3:
            parts = [{"url": "expression", "valueString": self.expression()["expression"]}]
            parts += [{"url": "key", "valueId": "k"}, {"url": "lang", "valueCode": "zh"}]
            made["extension"] = self.rarely(parts)
        return made

    def condition(self) -> dict[str, Any]:
        operator = self.chance.choice(["=", "!=", ">", "<", ">=", "<=", "exists"])
        question = self.chance.choice(NAMES[:4])
        return {"question": question, "operator": operator, **self.typed("answer")}

    def item(self, link_id: str, depth: int) -> dict[str, Any]:
        made = {"linkId": self.rarely(link_id), "type": self.chance.choice(TYPES)}
        more: dict[str, Callable[[], Any]] = {
            "text": lambda: self.chance.choice(WORDS),
            "required": lambda: True,
            "repeats": lambda: True,
            "maxLength": lambda: self.chance.choice(NUMBERS[:4]),
            "initial": lambda: [self.typed()],
            "answerOption": lambda: [self.typed() for _ in range(self.chance.randrange(4))],
            "answerValueSet": lambda: "#v",
            "enableWhen": lambda: [self.condition() for _ in range(self.chance.randrange(3))],
            "extension": lambda: [self.extension() for _ in range(self.chance.randrange(3))],
            "item": lambda: self.items(depth - 1, link_id) if depth else [],
        }
        for name, value in more.items():
            if self.chance.random() < 0.35:
                made[name] = self.rarely(value())
        return made

    def items(self, depth: int, above: str = "") -> list[Any]:
        count = self.chance.randrange(1, 4)
        return [self.rarely(self.item(above + NAMES[n], depth)) for n in range(count)]

    def questionnaire(self) -> Any:
        concepts = [{"code": "x", "designation": self.junk()}]
        value_set = {"resourceType": "ValueSet", "id": "v"}
        value_set["compose"] = self.rarely({"include": [{"system": "s", "concept": concepts}]})
        made = {"resourceType": "Questionnaire", "status": "active", "item": self.items(2)}
        made |= {"contained": self.rarely([value_set]), "extension": [self.extension()]}
        return self.rarely(made)

    def spoilt(self, whole: Any) -> Any:
        """A real form with a few of its parts replaced."""
        made = json.loads(json.dumps(whole))
        for _ in range(self.chance.randrange(1, 5)):
            node = made
            for _ in range(self.chance.randrange(1, 14)):
                below = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
                if not below:
                    break
                key, value = self.chance.choice(below)
                if not isinstance(value, dict | list) or self.chance.random() < 0.1:
                    node[key] = self.one_of(self.junk, self.extension, self.typed, self.condition)
                    break
                node = value
        return made

    def answered(self, depth: int) -> dict[str, Any]:
        link_id = self.chance.choice(list(KIND_OF) if depth else ["x"])
        made: dict[str, Any] = {"linkId": self.rarely(link_id)}
        if link_id == "g":
            made["item"] = self.rarely([self.answered(0) for _ in range(self.chance.randrange(2))])
        else:
            kind = KIND_OF[link_id]
            count = self.chance.randrange(3)
            made["answer"] = self.rarely([self.typed(kind=kind) for _ in range(count)])
        return made

    def response(self) -> Any:
        listed = [self.answered(1) for _ in range(self.chance.randrange(1, 4))]
        made = {"resourceType": "QuestionnaireResponse", "status": "completed"}
        return self.rarely(made | {"item": self.rarely(listed)})

    def fields(self) -> dict[str, list[str]]:
        made = {}
        for _ in range(self.chance.randrange(14)):
            name = f"{self.chance.choice(['q', 'nq'])}{self.chance.randrange(22)}"
            for _ in range(self.chance.randrange(3)):
                name += self.chance.choice(["-0", "-1", "-c0", "-c1", "-unit", "-own", "-kept"])
            texts = [*WORDS, "０１", "1,5", '{"valueString":1}', '{"valueCoding":{}}', "12:00"]
            made[name] = [self.chance.choice(texts) for _ in range(self.chance.randrange(4))]
        return made

    def xml(self) -> bytes:
        names = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "MsgId"]
        names += ["Content", "Location_X", "Location_Y", "Scale", "Latitude", "Longitude"]
        names += ["EventKey", "List"]
        kinds = ["text", "image", "voice", "video", "location", "link", "event", "x"]
        events = ["subscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "subscribe_msg_popup_event"]
        events += ["subscribe_msg_sent_event", "TEMPLATESENDJOBFINISH", "unsubscribe"]
        texts = [*WORDS, *kinds, *events, "1348831860", "23.1", "accept", *LETTERS]
        body = ""
        for name in names + [self.chance.choice(names)]:
            if self.chance.random() < 0.85:
                text = {"MsgType": kinds, "Event": events, "CreateTime": ["1348831860"]}.get(name)
                text = self.chance.choice(text if text and self.chance.random() < 0.9 else texts)
                end = name if self.chance.random() < 0.98 else "x"
                body += f"<{name}>{text}</{end}>"
        if self.chance.random() < 0.1:
            body = f"<{'a><' * self.chance.randrange(500)}a>{body}"
        made = f"<xml>{body}</xml>".encode("utf-8", "replace")
        if self.chance.random() < 0.2:
            place, gone = self.chance.randrange(len(made)), self.chance.randrange(9)
            made = made[:place] + self.chance.randbytes(3) + made[place + gone :]
        return made
