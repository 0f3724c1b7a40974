"""Vocabularies as they leave: which formats there are, and a vocabulary, version or concept written in one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from taxonomy.documents import detailed, value_of, vocabulary_value
from taxonomy.models import Concept, Vocabulary
from taxonomy.skos import VocabularyValue, write_csv, write_jsonld, write_rdfxml, write_turtle


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a vocabulary; `write` yields parts of the file."""

    name: str
    label: str
    media_type: str
    suffix: str
    write: Callable[[VocabularyValue], Iterator[bytes]]


def _whole(write: Callable[[VocabularyValue], bytes]) -> Callable[[VocabularyValue], Iterator[bytes]]:
    return lambda value: iter([write(value)])


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("turtle", "Turtle", "text/turtle", "ttl", _whole(write_turtle)),
        Format("jsonld", "JSON-LD", "application/ld+json", "jsonld", write_jsonld),
        Format("rdfxml", "RDF/XML", "application/rdf+xml", "rdf", write_rdfxml),
        Format("csv", "CSV", "text/csv", "csv", _whole(write_csv)),
    )
}
BY_MEDIA_TYPE = {one.media_type: one for one in FORMATS.values()}


def written(vocabulary: Vocabulary, to: Format) -> Iterator[bytes]:
    """The usable and deprecated concepts of a vocabulary in a format, in parts; proposed ones stay here."""
    return to.write(vocabulary_value(vocabulary))


def written_concept(vocabulary: Vocabulary, concept: Concept, to: Format) -> Iterator[bytes]:
    """One concept of the vocabulary in a format; five queries."""
    (row,) = detailed(Concept.objects.filter(pk=concept.pk))
    return to.write(
        VocabularyValue(vocabulary.uri, vocabulary.title, vocabulary.licence, concepts=(value_of(row),))
    )
