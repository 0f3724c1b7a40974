"""Vocabularies as they leave: a vocabulary or a concept written in one of the formats."""

from collections.abc import Iterator

from taxonomy.documents import described, value_of, vocabulary_value
from taxonomy.formats import WRITABLE, Format
from taxonomy.models import Concept, Vocabulary
from taxonomy.skos import VocabularyValue

FORMATS = WRITABLE
BY_MEDIA_TYPE = {one.media_type: one for one in FORMATS.values() if one.is_negotiated}


def written(vocabulary: Vocabulary, to: Format, *, language: str = "en") -> Iterator[bytes]:
    """The usable and deprecated concepts of a vocabulary in a format, in parts; proposed ones stay here.

    `language` is that of the names in formats that have room for one alone.
    """
    return _write(vocabulary_value(vocabulary), to, language)


def written_concept(vocabulary: Vocabulary, concept: Concept, to: Format) -> Iterator[bytes]:
    """One concept of the vocabulary in a format; one query."""
    (row,) = described(Concept.objects.filter(pk=concept.pk))
    value = VocabularyValue(vocabulary.uri, vocabulary.title, vocabulary.licence, concepts=(value_of(row),))
    return _write(value, to, "en")


def _write(value: VocabularyValue, to: Format, language: str) -> Iterator[bytes]:
    if to.write is None:
        raise ValueError(f"“{to.name}” is read, not written.")
    return to.write(value, language)
