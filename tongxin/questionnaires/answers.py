"""Answers as a tree that follows the form, and as FHIR's QuestionnaireResponse, both ways."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tongxin.questionnaires.definition import Item, Questionnaire, Value
from tongxin.questionnaires.plain_json import NotPlain, require_plain
from tongxin.questionnaires.refusals import NotAResponse, NotAsked, TooManyAnswers, WrongAnswer
from tongxin.questionnaires.typed import typed_value

MOST_ANSWERS = 10_000
MOST_REPEATS = 200
STATUSES = ("in-progress", "completed", "amended", "stopped")


@dataclass(slots=True, eq=False)
class Reply:
    """One answer to a question, with what is asked below it."""

    value: Value
    items: list["Given"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Given:
    """One item of the form as it stands in the answers: a question, a group, a line of text.

    A group that repeats has several; a question that repeats has several replies.
    """

    item: Item
    replies: list[Reply] = field(default_factory=list)
    items: list["Given"] = field(default_factory=list)
    is_enabled: bool = True

    @property
    def values(self) -> list[Value]:
        return [reply.value for reply in self.replies]

    @property
    def is_answered(self) -> bool:
        """Whether anything in it, or below it, is answered."""
        return bool(self.replies) or any(below.is_answered for below in self.items)

    def answer(self, *values: Value) -> None:
        """Replace what is answered; what is asked below an answer that stays is kept."""
        kept = {repr(reply.value): reply for reply in self.replies}
        self.replies = [kept.get(repr(value)) or reply_to(self.item, value) for value in values]


Tree = list[Given]


def blank(items: tuple[Item, ...]) -> Tree:
    """Everything that is asked, with no answers yet."""
    return [Given(item, items=blank(item.items) if item.type == "group" else []) for item in items]


def reply_to(item: Item, value: Value) -> Reply:
    return Reply(value, blank(item.items))


def walk(tree: Tree) -> Iterator[Given]:
    """Everything in the tree, from top to bottom."""
    for given in tree:
        yield given
        yield from walk(given.items)
        for reply in given.replies:
            yield from walk(reply.items)


def find(tree: Tree, link_id: str) -> Given:
    """The first of this linkId. Raises `KeyError`."""
    for given in walk(tree):
        if given.item.link_id == link_id:
            return given
    raise KeyError(link_id)


def above(tree: Tree, parent: Given | None = None) -> dict[int, Given]:
    """What each item stands in, by ``id`` of its `Given`; the outermost are not in it."""
    found: dict[int, Given] = {}
    for given in tree:
        if parent is not None:
            found[id(given)] = parent
        found |= above(given.items, given)
        for reply in given.replies:
            found |= above(reply.items, given)
    return found


def carried(tree: Tree, items: tuple[Item, ...]) -> Tree:
    """Answers to another version of a form, as far as these items ask the same."""
    level: Tree = []
    for item in items:
        kind = (item.link_id, item.type)
        found = [one for one in tree if (one.item.link_id, one.item.type) == kind]
        found = found if item.type == "group" and item.may_repeat else found[:1]
        level.extend([_carried(one, item) for one in found] or blank((item,)))
    return level


def _carried(given: Given, item: Item) -> Given:
    replies = [
        Reply(value, carried(reply.items, item.items))
        for reply in given.replies
        if (value := fitting(item, reply.value))
    ]
    below = carried(given.items, item.items) if item.type == "group" else []
    return Given(item, replies if item.may_repeat else replies[:1], below)


def read_response(form: Questionnaire, raw: Any) -> Tree:
    """The answers of a QuestionnaireResponse to this form.

    Raises:
        NotAResponse, NotAsked, WrongAnswer, TooManyAnswers
    """
    try:
        require_plain(raw)
    except NotPlain as error:
        raise NotAResponse from error
    if not isinstance(raw, Mapping) or raw.get("resourceType") != "QuestionnaireResponse":
        raise NotAResponse
    said = raw.get("questionnaire")
    if said is not None and (not isinstance(said, str) or not _is_to(form, said)):
        raise NotAResponse
    if raw.get("status", "completed") not in STATUSES:
        raise NotAResponse
    return _Reader().level(form.items, raw.get("item"), at="/")


def _is_to(form: Questionnaire, canonical: str) -> bool:
    url, _, version = canonical.partition("|")
    return not form.url or (url == form.url and version in ("", form.version))


class _Reader:
    def __init__(self) -> None:
        self.count = 0

    def level(self, items: tuple[Item, ...], listed: Any, *, at: str) -> Tree:
        """The answers of one level, in the order of the form; what is not there is blank."""
        asked = {item.link_id: item for item in items}
        found: dict[str, list[Given]] = {}
        for node in _nodes(listed, at=at):
            link_id = node.get("linkId")
            if not isinstance(link_id, str) or link_id not in asked:
                raise NotAsked(at=str(link_id)[:100])
            item = asked[link_id]
            if link_id in found and not (item.type == "group" and item.may_repeat):
                raise NotAsked(at=link_id)
            found.setdefault(link_id, []).append(self.one(item, node))
            if len(found[link_id]) > MOST_REPEATS:
                raise TooManyAnswers(most=MOST_REPEATS)
        level: Tree = []
        for item in items:
            level.extend(found.get(item.link_id) or blank((item,)))
        return level

    def one(self, item: Item, node: Mapping[str, Any]) -> Given:
        self.count += 1
        if self.count > MOST_ANSWERS:
            raise TooManyAnswers(most=MOST_ANSWERS)
        answers = _nodes(node.get("answer"), at=item.link_id)
        if not item.is_question:
            if answers or (item.type == "display" and node.get("item")):
                raise NotAsked(at=item.link_id)
            return Given(item, items=self.level(item.items, node.get("item"), at=item.link_id))
        if node.get("item") or (len(answers) > 1 and not item.may_repeat):
            raise NotAsked(at=item.link_id)
        if len(answers) > MOST_REPEATS:
            raise TooManyAnswers(most=MOST_REPEATS)
        return Given(item, [self.reply(item, answer) for answer in answers])

    def reply(self, item: Item, node: Mapping[str, Any]) -> Reply:
        value = fitting(item, typed_value(node))
        if value is None:
            raise WrongAnswer(at=item.link_id)
        return Reply(value, self.level(item.items, node.get("item"), at=item.link_id))


def fitting(item: Item, value: Value | None) -> Value | None:
    """The value as an answer to this item; a whole number is a decimal too. None if it is none."""
    if value is None or value.kind in item.kinds:
        return value
    if value.kind == "Integer" and item.type == "decimal":
        return Value("Decimal", value.value)
    return None


def _nodes(listed: Any, *, at: str) -> list[Mapping[str, Any]]:
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise WrongAnswer(at=at)
    return listed


def response_items(
    tree: Tree, *, with_text: bool = False, nodes: dict[int, dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """The ``item`` of a QuestionnaireResponse: what is enabled and answered, in order.

    Args:
        with_text: the words of each question too, for people who read it later.
        nodes: filled with the JSON of every item that is there, by ``id`` of its `Given`.
    """
    listed = []
    for given in tree:
        if not given.is_enabled or not given.is_answered:
            continue
        node: dict[str, Any] = {"linkId": given.item.link_id}
        if with_text and given.item.text:
            node["text"] = given.item.text.plain
        if given.replies:
            node["answer"] = [_answer(reply, with_text, nodes) for reply in given.replies]
        else:
            below = response_items(given.items, with_text=with_text, nodes=nodes)
            if not below:
                continue
            node["item"] = below
        if nodes is not None:
            nodes[id(given)] = node
        listed.append(node)
    return listed


def _answer(
    reply: Reply, with_text: bool, nodes: dict[int, dict[str, Any]] | None
) -> dict[str, Any]:
    node: dict[str, Any] = {f"value{reply.value.kind}": reply.value.value}
    below = response_items(reply.items, with_text=with_text, nodes=nodes)
    return {**node, "item": below} if below else node


def response(form: Questionnaire, tree: Tree, *, status: str = "completed") -> dict[str, Any]:
    """A FHIR R4 QuestionnaireResponse of what is enabled and answered."""
    found: dict[str, Any] = {"resourceType": "QuestionnaireResponse"}
    if form.canonical:
        found["questionnaire"] = form.canonical
    found["status"] = status
    if items := response_items(tree, with_text=True):
        found["item"] = items
    return found
