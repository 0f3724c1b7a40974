"""Turns RDF statements into a vocabulary, as the SKOS Reference means them and as publishers write them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from taxonomy.skos.collections import read_collections
from taxonomy.skos.hierarchy import Links, opened, symmetric
from taxonomy.skos.labels import Labels, fallback_labels, read_labels
from taxonomy.skos.names import (
    BROADER,
    CONCEPT,
    DEPRECATED,
    DESCRIPTION,
    HAS_TOP_CONCEPT,
    IN_SCHEME,
    KIND_OF_LABEL,
    KIND_OF_MATCH,
    KIND_OF_NOTE,
    LICENCE,
    LICENCE_PROPERTIES,
    NARROWER,
    NOTATION,
    REFINEMENTS,
    RELATED,
    REPLACED_BY,
    SCHEME,
    SOURCE,
    SOURCE_PROPERTIES,
    SUBPROPERTY_OF,
    TITLE,
    TITLE_PROPERTIES,
    TOP_CONCEPT_OF,
    TYPE,
    VALUE,
)
from taxonomy.skos.schemes import Choice, choose_scheme, find_concepts
from taxonomy.skos.survey import survey
from taxonomy.skos.triples import Node, Remainder, Statements, Text, Triple, is_iri, language_tag
from taxonomy.skos.values import (
    LONGEST_LICENCE,
    LONGEST_URI,
    ConceptValue,
    Findings,
    NoteValue,
    VocabularyValue,
)


@dataclass(slots=True)
class _Links:
    """The links of the chosen concepts, and the statements that were understood completely."""

    broader: Links
    related: Links
    tops: dict[str, None] = field(default_factory=dict)
    consumed: set[Triple] = field(default_factory=set)


def value_of(
    triples: Iterable[Triple],
    *,
    scheme: str | None,
    findings: Findings,
    lines: Mapping[str, int] | None = None,
) -> VocabularyValue:
    """Return the vocabulary that the statements describe.

    `scheme` is the URI of the scheme to read; without it the largest is taken, and a problem says so.
    What no field can hold goes to `extra`, so that nothing but cut cycles and concepts of other schemes
    is lost. `lines` tells where subjects begin. Source: SKOS Reference (W3C, 2009) §§3–10 and appendix B (SKOS-XL).
    """
    statements = Statements(triples)
    refined = _refined(statements)
    choice = choose_scheme(statements, find_concepts(statements, findings), findings, wanted=scheme)
    links = _read_links(statements, choice, refined, findings)
    remainder = Remainder(statements)
    labels = {uri: read_labels(statements, uri, refined, findings) for uri in choice.concepts}
    for uri in choice.concepts:
        if not labels[uri].values:
            labels[uri] = fallback_labels(statements, uri, findings) or labels[uri]
    names = {uri: read.values[0].text for uri, read in labels.items() if read.values}
    links.broader = opened(links.broader, findings, tops=links.tops, names=names)
    concepts = tuple(
        _concept(statements, uri, position, choice.scheme, links, labels[uri], remainder, findings)
        for position, uri in enumerate(choice.concepts)
    )
    survey(concepts, findings)
    return located(_vocabulary(statements, choice, concepts, links, remainder, findings), lines or {})


def located(value: VocabularyValue, lines: Mapping[str, int]) -> VocabularyValue:
    """The value with its concepts, and what was found about them, on the lines where these begin."""
    known = {concept.uri: lines[concept.uri] for concept in value.concepts if concept.uri in lines}
    problems = tuple(
        replace(one, line=lines.get(one.subject)) if one.line is None else one for one in value.problems
    )
    return replace(value, lines=known, problems=problems)


def _refined(statements: Statements) -> Mapping[str, str]:
    """Return the SKOS property that each property of the file refines (rdfs:subPropertyOf, transitively)."""
    known = {BROADER, NARROWER, RELATED, *KIND_OF_LABEL}
    above = {
        subject: parents
        for subject in statements.subjects()
        if (parents := statements.iris(subject, SUBPROPERTY_OF)) and subject not in known
    }
    found = dict(REFINEMENTS)
    for name in above:
        seen = {name}
        pending = list(above[name])
        while pending:
            parent = pending.pop()
            if parent in known:
                found.setdefault(name, parent)
            elif parent not in seen:
                seen.add(parent)
                pending += above.get(parent, ())
    return found


def _read_links(
    statements: Statements, choice: Choice, refined: Mapping[str, str], findings: Findings
) -> _Links:
    inside = set(choice.concepts)
    stated: dict[str, dict[str, None]] = {uri: {} for uri in choice.concepts}
    inverse: dict[str, dict[str, None]] = {uri: {} for uri in choice.concepts}
    related: dict[str, dict[str, None]] = {uri: {} for uri in choice.concepts}
    links = _Links({}, {})
    for subject in choice.concepts:
        for predicate, node in statements.about(subject):
            meant = refined.get(predicate, predicate)
            if meant in (BROADER, NARROWER, RELATED):
                if not isinstance(node, str) or node not in inside:
                    _report_loose_end(subject, meant, node, findings)
                    continue
                if meant == RELATED:
                    related[subject][node] = None
                elif meant == NARROWER:
                    inverse[node][subject] = None
                else:
                    stated[subject][node] = None
                if meant == predicate:
                    links.consumed.add((subject, predicate, node))
            elif predicate == TOP_CONCEPT_OF and node == choice.scheme:
                links.tops[subject] = None
    if choice.scheme is not None:
        tops = statements.iris(choice.scheme, HAS_TOP_CONCEPT)
        links.tops.update(dict.fromkeys(uri for uri in tops if uri in inside))
        for uri in tops:
            if uri not in inside:
                _report_loose_end(choice.scheme, HAS_TOP_CONCEPT, uri, findings)
    links.broader = {uri: list(stated[uri] | inverse[uri]) for uri in choice.concepts}
    links.related = symmetric(related)
    return links


def _report_loose_end(subject: str, meant: str, node: Node, findings: Findings) -> None:
    name = meant.rpartition("#")[2]
    shown = f"<{node}>" if is_iri(node) else "something that is not a URI"
    findings.add(
        "warning" if meant == BROADER else "info",
        f"dangling-{name}",
        f"<{subject}> names {shown} as {name}, which is not among the imported concepts; the link is kept on "
        f"file but not used.",
        subject=subject,
    )


def _concept(
    statements: Statements,
    uri: str,
    position: int,
    scheme: str | None,
    links: _Links,
    labels: Labels,
    remainder: Remainder,
    findings: Findings,
) -> ConceptValue:
    notations: list[Text] = []
    notes: dict[NoteValue, None] = {}
    matches: dict[tuple[str, str], None] = {}
    replaced_by: dict[str, None] = {}
    deprecated = False
    rest: list[Triple] = []
    is_root = not links.broader[uri]
    for predicate, node in statements.about(uri):
        triple = (uri, predicate, node)
        if triple in links.consumed or triple in labels.consumed:
            continue
        if predicate == TYPE and node == CONCEPT:
            continue
        if node == scheme and (predicate == IN_SCHEME or (predicate == TOP_CONCEPT_OF and is_root)):
            continue
        if predicate == NOTATION and isinstance(node, Text):
            notations.append(node)
        elif predicate in KIND_OF_NOTE:
            notes |= dict.fromkeys(_notes(statements, KIND_OF_NOTE[predicate], node))
            if isinstance(node, Text):
                continue
            rest.append(triple)
        elif predicate in KIND_OF_MATCH and is_iri(node):
            matches[KIND_OF_MATCH[predicate], str(node)] = None
        elif predicate == DEPRECATED and isinstance(node, Text) and node.text in ("true", "1"):
            deprecated = True
        elif predicate == REPLACED_BY and is_iri(node):
            replaced_by[str(node)] = None
        else:
            rest.append(triple)
    notation, other_notations = _notation(uri, notations, findings)
    rest += [(uri, NOTATION, other) for other in other_notations]
    return ConceptValue(
        uri=uri,
        notation=notation,
        labels=labels.values,
        notes=tuple(notes),
        broader=tuple(links.broader[uri]),
        related=tuple(links.related[uri]),
        matches=tuple(matches),
        position=position,
        deprecated=deprecated,
        extra=remainder.render(rest),
        replaced_by=tuple(replaced_by),
    )


def _notes(statements: Statements, kind: str, node: Node) -> Iterator[NoteValue]:
    """Yield the note, or the texts of a note that is a resource with rdf:value (SKOS Primer §4.2)."""
    if isinstance(node, Text):
        if node.text.strip():
            yield NoteValue(kind, language_tag(node.language), node.text)
        return
    for inner in statements.nodes(node, VALUE):
        if isinstance(inner, Text) and inner.text.strip():
            yield NoteValue(kind, language_tag(inner.language), inner.text)


def _notation(uri: str, notations: list[Text], findings: Findings) -> tuple[str, list[Text]]:
    """Return the notation to use, a plain one first, and the literals it does not tell completely."""
    if not notations:
        return "", []
    plain = [one for one in notations if not one.language and not one.datatype]
    chosen = (plain or notations)[0]
    if len(notations) > 1:
        findings.add(
            "info",
            "several-notations",
            f"<{uri}> has {len(notations)} notations; “{chosen.text}” is the one used.",
            subject=uri,
        )
    return chosen.text, [one for one in notations if one is not chosen or not plain]


def _vocabulary(
    statements: Statements,
    choice: Choice,
    concepts: tuple[ConceptValue, ...],
    links: _Links,
    remainder: Remainder,
    findings: Findings,
) -> VocabularyValue:
    title: dict[str, str] = {}
    description: dict[str, str] = {}
    licence = source = ""
    rest: list[Triple] = []
    if choice.scheme is not None:
        title = _texts(statements, choice.scheme, TITLE_PROPERTIES)
        description = _texts(statements, choice.scheme, (DESCRIPTION,))
        licence = _first(statements, choice.scheme, LICENCE_PROPERTIES, most=LONGEST_LICENCE)
        source = _first(statements, choice.scheme, SOURCE_PROPERTIES, most=LONGEST_URI)
        understood = {(TITLE, text, tag) for tag, text in title.items()}
        understood |= {(DESCRIPTION, text, tag) for tag, text in description.items()}
        for predicate, node in statements.about(choice.scheme):
            if predicate == HAS_TOP_CONCEPT and node in links.broader and not links.broader[str(node)]:
                continue
            if (predicate, node) in (
                (TYPE, SCHEME),
                (LICENCE, _as_node(licence)),
                (SOURCE, _as_node(source)),
            ):
                continue
            if isinstance(node, Text) and (predicate, node.text, language_tag(node.language)) in understood:
                continue
            rest.append((choice.scheme, predicate, node))
    collections = read_collections(statements, remainder, findings)
    skipped = {choice.scheme, *choice.concepts, *choice.left_out, *(one.uri for one in collections)}
    parts = [remainder.render(rest)]
    for subject in _outer_first(statements):
        if subject not in skipped and subject not in remainder.done:
            remainder.done.add(subject)
            parts.append(remainder.render((subject, name, node) for name, node in statements.about(subject)))
    if not concepts and all(problem.severity != "error" for problem in findings.problems()):
        findings.add(
            "error", "no-concepts", "The file describes no skos:Concept, so there is nothing to import."
        )
    return VocabularyValue(
        uri=choice.scheme,
        title=title,
        licence=licence,
        source=source,
        concepts=concepts,
        problems=findings.problems(),
        extra="\n".join(part for part in parts if part),
        description=description,
        collections=collections,
    )


def _outer_first(statements: Statements) -> list[str]:
    """Return the subjects with blank nodes last, so that each is rendered where it is first referred to."""
    return sorted(statements.subjects(), key=lambda subject: subject.startswith("_:"))


def _texts(statements: Statements, scheme: str, names: Iterable[str]) -> dict[str, str]:
    """The first text in each language, by properties in order."""
    texts: dict[str, str] = {}
    for name in names:
        for node in statements.nodes(scheme, name):
            if isinstance(node, Text) and node.text.strip():
                texts.setdefault(language_tag(node.language), node.text)
    return texts


def _first(statements: Statements, scheme: str, names: Iterable[str], *, most: int) -> str:
    """Return the first URI or text that is not too long, one in English or in no language before others."""
    nodes = [node for name in names for node in statements.nodes(scheme, name)]
    nodes.sort(key=lambda node: isinstance(node, Text) and node.language not in ("", "en"))
    texts = (node.text if isinstance(node, Text) else node for node in nodes)
    return next((text for text in texts if 0 < len(text) <= most), "")


def _as_node(text: str) -> Node:
    return text if looks_like_iri(text) else Text(text)


def looks_like_iri(text: str) -> bool:
    """Whether a licence or source is a URI, as opposed to a sentence."""
    return text.startswith(("http://", "https://", "urn:")) and not any(mark in text for mark in " \n\t")
