"""Finds what is a concept in a set of RDF statements, and which concept scheme the import is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from taxonomy.skos.names import (
    BROADER,
    CONCEPT,
    HAS_TOP_CONCEPT,
    IN_SCHEME,
    KIND_OF_LABEL,
    KIND_OF_XL_LABEL,
    NARROWER,
    NOT_CONCEPTS,
    RDFS_LABEL,
    RELATED,
    SCHEME,
    SUBCLASS_OF,
    TOP_CONCEPT_OF,
    TYPE,
)
from taxonomy.skos.triples import Statements, is_iri
from taxonomy.skos.values import Findings

_LINKS = {BROADER, NARROWER, RELATED, TOP_CONCEPT_OF}
_NAMES = {RDFS_LABEL, *KIND_OF_LABEL, *KIND_OF_XL_LABEL}


@dataclass(frozen=True, slots=True)
class Choice:
    """The scheme to import (None when the file names none), its concepts, and those of other schemes."""

    scheme: str | None
    concepts: tuple[str, ...]
    left_out: frozenset[str]


def find_concepts(statements: Statements, findings: Findings) -> list[str]:
    """Return the concepts in document order: declared, of a declared subclass, or plainly used as one."""
    classes = _subclasses_of_concept(statements)
    linked = _linked(statements)
    found = []
    for subject in statements.subjects():
        types = set(statements.iris(subject, TYPE))
        if not types.isdisjoint(classes):
            if subject.startswith("_:"):
                findings.add(
                    "warning", "concept-without-uri", "A concept has no URI of its own; it was left out."
                )
                continue
            found.append(subject)
        elif subject in linked and types.isdisjoint(NOT_CONCEPTS) and _is_named(statements, subject):
            findings.add(
                "info",
                "untyped-concept",
                f"<{subject}> is not declared as a skos:Concept but is labelled and linked as one; taken.",
                subject=subject,
            )
            found.append(subject)
    return found


def _is_named(statements: Statements, subject: str) -> bool:
    return is_iri(subject) and any(name in _NAMES for name, _ in statements.about(subject))


def _subclasses_of_concept(statements: Statements) -> set[str]:
    below: dict[str, list[str]] = {}
    for subject in statements.subjects():
        for parent in statements.iris(subject, SUBCLASS_OF):
            below.setdefault(parent, []).append(subject)
    found: set[str] = set()
    pending = [CONCEPT]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += below.get(name, ())
    return found


def _linked(statements: Statements) -> set[str]:
    ends: set[str] = set()
    for subject in statements.subjects():
        for predicate, node in statements.about(subject):
            if predicate in _LINKS:
                ends.add(subject)
            if (predicate in _LINKS - {TOP_CONCEPT_OF} or predicate == HAS_TOP_CONCEPT) and is_iri(node):
                ends.add(str(node))
    return ends


def choose_scheme(
    statements: Statements, concepts: Iterable[str], findings: Findings, *, wanted: str | None
) -> Choice:
    """Choose the scheme `wanted`, else the one with the most concepts, and say which were left aside.

    A concept in no scheme at all comes along with whichever scheme is chosen.
    """
    ordered = list(concepts)
    members = _memberships(statements, ordered)
    if wanted is not None and wanted not in members:
        known = ", ".join(f"<{uri}>" for uri in members) or "none"
        findings.add(
            "error", "unknown-scheme", f"The file has no scheme <{wanted}>. It has: {known}.", subject=wanted
        )
        return Choice(wanted, (), frozenset(ordered))
    if not members:
        findings.add("info", "no-scheme", "The file names no concept scheme; all its concepts were taken.")
        return Choice(None, tuple(ordered), frozenset())
    scheme = wanted or max(members, key=lambda uri: len(members[uri]))
    in_some_scheme = set[str]().union(*members.values())
    taken = tuple(uri for uri in ordered if uri in members[scheme] or uri not in in_some_scheme)
    left_out = frozenset(ordered).difference(taken)
    _report_others(members, scheme, left_out, findings)
    return Choice(scheme, taken, left_out)


def _memberships(statements: Statements, concepts: list[str]) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {
        uri: set() for uri in statements.subjects() if SCHEME in statements.iris(uri, TYPE)
    }
    for concept in concepts:
        for predicate, node in statements.about(concept):
            if predicate in (IN_SCHEME, TOP_CONCEPT_OF) and is_iri(node):
                members.setdefault(str(node), set()).add(concept)
    known = set(concepts)
    for scheme, inside in members.items():
        inside.update(known.intersection(statements.iris(scheme, HAS_TOP_CONCEPT)))
    return {uri: inside for uri, inside in members.items() if is_iri(uri)}


def _report_others(
    members: dict[str, set[str]], scheme: str, left_out: frozenset[str], findings: Findings
) -> None:
    others = {uri: len(inside) for uri, inside in members.items() if uri != scheme and inside}
    if others:
        listed = ", ".join(f"<{uri}> ({count})" for uri, count in others.items())
        findings.add(
            "info",
            "several-schemes",
            f"The file has several schemes. <{scheme}> ({len(members[scheme])} concepts) was taken; "
            f"the others are {listed}.",
            subject=scheme,
        )
    if left_out:
        findings.add(
            "warning",
            "left-out",
            f"{len(left_out)} concepts that belong only to other schemes were left out.",
            subject=scheme,
        )
