"""Advice is checked as a whole whenever one piece of it comes before the public, by any door."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import get_language, gettext

from tongxin.guidance import packs
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.people_axes import Persona, particulars
from tongxin.guidance.queries import as_rule, faults_with, published
from tongxin.guidance.refusals import (
    AdviceContradicts,
    NobodyReached,
    NobodyTold,
    PersonaGains,
    PersonaLost,
)
from tongxin.guidance.rules import Fault, advice_for
from tongxin.refusal import Refusal

# What a saved draft changes in the row of published words: nothing that the public reads.
BOOKKEEPING = {"latest_revision", "has_unpublished_changes", "locked", "locked_by", "locked_at"}

_as_a_whole: ContextVar[bool] = ContextVar("advice_checked_as_a_whole", default=False)


@contextmanager
def checked_as_a_whole(*, disease: str, today: date) -> Iterator[None]:
    """Publish many pieces at once; what they make together is checked at the end.

    Raises:
        Refusal: the first fault, in words for an editor. Run in a transaction.
    """
    token = _as_a_whole.set(True)
    try:
        yield
    finally:
        _as_a_whole.reset(token)
    require_sound([], disease=disease, today=today)


def require_sound(changed: Sequence[AdviceBlock], *, disease: str, today: date) -> None:
    """Nothing, if these may take the place of what is published under their slugs.

    Raises:
        AdviceContradicts, NobodyTold, NobodyReached, PersonaLost, PersonaGains
    """
    for refusal in refusals_of(changed, disease=disease, today=today):
        raise refusal


def refusals_of(
    changed: Sequence[AdviceBlock], *, disease: str, today: date, without: Sequence[str] = ()
) -> Iterator[Refusal]:
    """Every reason why these may not be published, and those of `without` taken back."""
    gone = {row.slug for row in changed} | set(without)
    rows = [row for row in published(disease=disease) if row.slug not in gone] + list(changed)
    for fault in faults_with(changed, disease=disease, today=today, without=without):
        yield _refusal(fault, disease)
    yield from _persona_refusals(rows, disease=disease, today=today)


def described(persona: Persona, disease: str) -> str:
    """A person in words: what is particular about them, or "anybody"."""
    language = get_language() or ""
    names = {axis.key: axis for axis in packs.axes(disease)}
    said = [
        f"{names[axis].name(language)}: "
        + next(v.name(language) for v in names[axis].values if v.key == value)
        for axis, value in particulars(persona, packs.space(disease).axes)
    ]
    return "; ".join(said) or gettext("anybody")


def _refusal(fault: Fault, disease: str) -> Refusal:
    person = described(fault.persona, disease) if fault.persona else ""
    facts = {"person": person, "day": fault.day.isoformat() if fault.day else ""}
    if fault.rule == "contradiction":
        return AdviceContradicts(one=fault.blocks[0], other=fault.blocks[1], **facts)
    if fault.rule == "nobody_told":
        return NobodyTold(**facts)
    return NobodyReached(one=fault.blocks[0])


def _persona_refusals(
    rows: Sequence[AdviceBlock], *, disease: str, today: date
) -> Iterator[Refusal]:
    """The stored people whose advice would change against what is stored."""
    language = get_language() or ""
    blocks = [as_rule(row) for row in rows]
    for known in packs.personas(disease):
        told = {block.slug for block in advice_for(blocks, known.persona(disease), (), today)}
        name = known.name(language)
        for slug in known.must:
            if slug not in told:
                yield PersonaLost(person=name, one=slug)
        for slug in known.must_not:
            if slug in told:
                yield PersonaGains(person=name, one=slug)


@receiver(pre_save, sender=AdviceBlock, dispatch_uid="advice is checked before it is public")
def _before_it_is_public(
    sender: type[AdviceBlock],
    instance: AdviceBlock,
    update_fields: frozenset[str] | None,
    **_: object,
) -> None:
    is_bookkeeping = update_fields is not None and update_fields <= BOOKKEEPING
    if instance.live and not is_bookkeeping and not _as_a_whole.get():
        require_sound([instance], disease=instance.disease, today=timezone.localdate())
