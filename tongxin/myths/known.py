"""The claims that can be recognised now, kept ready in each process."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

from django.conf import settings

from tongxin.meaning.learned import questions_read
from tongxin.meaning.vectors import EncoderMissing, Vectors
from tongxin.myths import written_claims
from tongxin.myths.learned_claims import learned_claims, learned_words
from tongxin.myths.matching import ByLearning, Matcher, matcher, taught_by_shipping, taught_here
from tongxin.myths.queries import claims_state, standing
from tongxin.myths.written_claims import Told

READING_S, AT_A_TIME = 2.0, 16
_lock = threading.Lock()
_kept: dict[str, tuple[object, Matcher]] = {}
_vectors: dict[Path, Vectors] = {}


def current_matcher() -> Matcher:
    """What tells which claim a rumour is; made anew when the claims have changed.

    The claims that ship were learned and are recognised at once. Those that editors have written
    or rewritten go by their words alone until the worker has read them (`read_claims`): a person
    who asks in the first minute is not kept waiting for that. Those that are told often enough are
    learned here (`learning.py`).
    """
    disease = settings.DEFAULT_DISEASE
    are_read = _mark().exists()
    learned_here = tuple(written_claims.state(folder()))
    state = (claims_state(disease=disease), are_read, learned_here, str(settings.HOME))
    with _lock:
        known = _kept.get(disease)
        if known is None or known[0] != state:
            known = (state, _matcher(phrasings(disease), are_read=are_read))
            _kept[disease] = known
        return known[1]


def _matcher(told: Mapping[str, Sequence[str]], *, are_read: bool) -> Matcher:
    shipped = {slug: texts for slug, texts in told.items() if _is_as_learned(slug, texts)}
    written = {slug: texts for slug, texts in told.items() if not _is_as_shipped(slug, texts)}
    others = matcher(written, vectors() if are_read else None)
    taught = [taught_by_shipping(learned_claims(), shipped, vectors(), unheard=written)]
    if learned := written_claims.load_written(folder()):
        taught.append(taught_here(learned, claims_told(told), vectors()))
    try:
        return ByLearning(taught, others, phrasings=[shipped, written])
    except EncoderMissing:
        return matcher(told, None)


def claims_told(told: Mapping[str, Sequence[str]]) -> dict[str, Told]:
    """How the claims are told that do not ship, or not so."""
    return {
        slug: Told(tuple(texts[:2]), tuple(texts[2:]))
        for slug, texts in told.items()
        if not _is_as_shipped(slug, texts)
    }


def folder() -> Path:
    """Where what this installation learns is kept."""
    return settings.HOME / "meaning"


def _is_as_learned(slug: str, texts: Sequence[str]) -> bool:
    """Whether a claim says what it said when it was learned."""
    return learned_words().get(slug, ())[:2] == tuple(texts[:2])


def _is_as_shipped(slug: str, texts: Sequence[str]) -> bool:
    """Whether no editor has added a telling or taken one away either."""
    return learned_words().get(slug) == tuple(texts)


def read_claims() -> bool:
    """Go on computing what is needed to recognise the claims by meaning; whether all is done.

    A look takes a few seconds at most, so that other work is not kept waiting. Never done where
    the encoders are missing.
    """
    if _mark().exists():
        return True
    told = phrasings(settings.DEFAULT_DISEASE)
    texts = [t for slug, many in told.items() if not _is_as_shipped(slug, many) for t in many]
    until = monotonic() + READING_S
    try:
        questions_read(["?"], vectors())
        for start in range(0, len(texts), AT_A_TIME):
            vectors().by_both(texts[start : start + AT_A_TIME])
            if monotonic() > until:
                return False
    except EncoderMissing:
        return False
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()
    return True


def phrasings(disease: str) -> dict[str, list[str]]:
    """Short name → every way to tell it, of the claims whose verdict holds."""
    return {claim.slug: claim.phrasings for claim in standing(disease=disease)}


def vectors() -> Vectors:
    """The vectors of our own sentences, kept on disk."""
    folder = settings.VECTORS
    if folder not in _vectors:
        _vectors[folder] = Vectors(folder)
    return _vectors[folder]


def _mark() -> Path:
    """It names the vectors, which may be removed (`make clean`) while the data stay."""
    return folder() / f"claims-read-{vectors().identity}"


def vectors_of_reports() -> Vectors | None:
    """The vectors of what people asked, in memory alone; None where the claims are not read."""
    return _asked if _mark().exists() else None


_asked = Vectors()
