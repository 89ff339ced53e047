"""A sentence with all that is known of it: normal form, language, vectors, terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongxin.meaning.lexical import Terms
from tongxin.meaning.normal import HAN_LETTER, normal
from tongxin.meaning.vectors import Matrix, Vectors
from tongxin.meaning.words import words


@dataclass(frozen=True)
class Phrase:
    """One way to say something.

    ``language`` is ``zh`` where anything Chinese is in it; ``vector`` has both encoders' numbers.
    """

    text: str
    plain: str
    language: str
    vector: Matrix
    words: Terms


def read_phrases(texts: Sequence[str], vectors: Vectors) -> list[Phrase]:
    """Our own sentences, in order; their vectors are kept where ``vectors`` keeps them."""
    return [phrase(t, vector) for t, vector in zip(texts, vectors.by_both(texts), strict=True)]


def read_question(text: str, vectors: Vectors) -> Phrase:
    """What a person asked. Nothing of it is kept on disk."""
    return phrase(text, vectors.question_by_both(text))


def phrase(text: str, vector: Matrix) -> Phrase:
    plain = normal(text)
    language = "zh" if HAN_LETTER.search(plain) else "en"
    return Phrase(text, plain, language, vector, Terms.of(words(text)))
