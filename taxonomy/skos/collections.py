"""Reads and states collections: groups of concepts that are no concepts themselves (SKOS Reference §9)."""

from collections.abc import Iterator

from taxonomy.skos.labels import read_labels
from taxonomy.skos.names import (
    COLLECTION,
    COLLECTIONS,
    FIRST,
    KIND_OF_NOTE,
    LABEL_OF,
    MEMBER,
    MEMBER_LIST,
    NIL,
    ORDERED_COLLECTION,
    REST,
    SKOS,
    TYPE,
)
from taxonomy.skos.triples import (
    Node,
    Remainder,
    Statements,
    Text,
    Triple,
    is_iri,
    language_tag,
    legal_iri,
    text_in,
)
from taxonomy.skos.values import CollectionValue, Findings, NoteValue


def read_collections(
    statements: Statements, remainder: Remainder, findings: Findings
) -> tuple[CollectionValue, ...]:
    """Return the collections that have a URI, in document order; those without stay with who names them.

    What `CollectionValue` cannot say stands in its `extra`, and so do its types when it has others than the
    one of SKOS: nothing is lost.
    """
    return tuple(
        _collection(statements, subject, remainder, findings)
        for subject in statements.subjects()
        if is_iri(subject) and not COLLECTIONS.isdisjoint(statements.iris(subject, TYPE))
    )


def _collection(
    statements: Statements, uri: str, remainder: Remainder, findings: Findings
) -> CollectionValue:
    labels = read_labels(statements, uri, {}, findings)
    listed, is_ordered = _listed(statements, uri, remainder)
    notes: dict[NoteValue, None] = {}
    members: dict[str, None] = dict.fromkeys(listed)
    own_type = ORDERED_COLLECTION if is_ordered else COLLECTION
    types = statements.nodes(uri, TYPE)
    rest: list[Triple] = []
    for predicate, node in statements.about(uri):
        if (uri, predicate, node) in labels.consumed or (predicate == TYPE and types == [own_type]):
            continue
        if predicate == MEMBER and is_iri(node) and not is_ordered:
            members[str(node)] = None
        elif predicate in KIND_OF_NOTE and isinstance(node, Text) and node.text.strip():
            notes[NoteValue(KIND_OF_NOTE[predicate], language_tag(node.language), node.text)] = None
        elif not (predicate == MEMBER_LIST and is_ordered):
            rest.append((uri, predicate, node))
    return CollectionValue(
        uri=uri,
        labels=labels.values,
        notes=tuple(notes),
        members=tuple(members),
        is_ordered=is_ordered,
        extra=remainder.render(rest),
    )


def _listed(statements: Statements, uri: str, remainder: Remainder) -> tuple[list[str], bool]:
    """The URIs of the one plain skos:memberList, and whether there is such a list."""
    heads = statements.nodes(uri, MEMBER_LIST)
    if len(heads) != 1 or ORDERED_COLLECTION not in statements.iris(uri, TYPE):
        return [], False
    cells: dict[str, Node] = {}
    cell = heads[0]
    while cell != NIL:
        said = dict(statements.about(str(cell)))
        if (
            cell in cells
            or isinstance(cell, Text)
            or not cell.startswith("_:")
            or said.keys() != {FIRST, REST}
        ):
            return [], False
        if not is_iri(said[FIRST]) or len(list(statements.about(cell))) != len(said):
            return [], False
        cells[cell], cell = said[FIRST], said[REST]
    members = [str(node) for node in cells.values()]
    if len(set(members)) < len(members):
        return [], False
    remainder.done.update(cells)
    return members, True


def statements_about(collection: CollectionValue, number: int) -> Iterator[Triple]:
    """The statements of a collection but those of its `extra`; a list is made of blank nodes.

    `number` makes these nodes different from those of other collections.
    """
    uri = legal_iri(collection.uri)
    if not tells_type(collection):
        yield uri, TYPE, ORDERED_COLLECTION if collection.is_ordered else COLLECTION
    for label in collection.labels:
        yield uri, LABEL_OF[label.kind], text_in(label.text, label.language)
    for note in collection.notes:
        yield uri, SKOS + note.kind, text_in(note.text, note.language)
    if not collection.is_ordered:
        yield from ((uri, MEMBER, legal_iri(member)) for member in collection.members)
        return
    cells = [f"_:list{number}x{place}" for place in range(len(collection.members))]
    yield uri, MEMBER_LIST, cells[0] if cells else NIL
    for cell, following, member in zip(cells, [*cells, NIL][1:], collection.members, strict=True):
        yield cell, FIRST, legal_iri(member)
        yield cell, REST, following


def tells_type(collection: CollectionValue) -> bool:
    """Whether `extra` holds the types of the collection, since it has others than the one of SKOS."""
    return any(
        line.startswith(f"<{legal_iri(collection.uri)}> <{TYPE}> ") for line in collection.extra.split("\n")
    )
