"""Looks at a whole vocabulary for what its owner would want to know before people work with it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from taxonomy.skos.values import (
    LONGEST_LANGUAGE,
    LONGEST_NOTATION,
    LONGEST_URI,
    UNDETERMINED,
    ConceptValue,
    Findings,
)


def survey(concepts: Sequence[ConceptValue], findings: Findings) -> None:
    """Report concepts without labels, shared notations, thin languages and links that contradict."""
    for concept in concepts:
        if not concept.labels:
            findings.add(
                "warning", "no-label", f"<{concept.uri}> has no label in any language.", subject=concept.uri
            )
        elif all(label.kind != "pref" for label in concept.labels):
            findings.add(
                "warning",
                "no-preferred-label",
                f"<{concept.uri}> has no preferred label.",
                subject=concept.uri,
            )
        for uri in set(concept.related).intersection(concept.broader):
            findings.add(
                "info",
                "related-and-broader",
                f"<{concept.uri}> and <{uri}> are both related and parent and child (SKOS S27 forbids it).",
                subject=concept.uri,
            )
        _over_long(concept, findings)
    _shared_notations(concepts, findings)
    _thin_languages(concepts, findings)


def _over_long(concept: ConceptValue, findings: Findings) -> None:
    lengths = [("URI", len(concept.uri), LONGEST_URI), ("notation", len(concept.notation), LONGEST_NOTATION)]
    lengths += [("URI of a match", len(uri), LONGEST_URI) for _, uri in concept.matches]
    lengths += [("language tag", len(note.language), LONGEST_LANGUAGE) for note in concept.notes]
    for what, length, most in lengths:
        if length > most:
            findings.add(
                "error",
                "too-long",
                f"A {what} of <{concept.uri[:80]}> has {length} characters; at most {most} can be kept.",
                subject=concept.uri[:LONGEST_URI],
            )


def _shared_notations(concepts: Iterable[ConceptValue], findings: Findings) -> None:
    holders: dict[str, list[str]] = defaultdict(list)
    for concept in concepts:
        if concept.notation:
            holders[concept.notation].append(concept.uri)
    for notation, uris in holders.items():
        if len(uris) > 1:
            listed = ", ".join(f"<{uri}>" for uri in uris[:5]) + (" …" if len(uris) > 5 else "")
            findings.add(
                "warning",
                "duplicate-notation",
                f"{len(uris)} concepts share the notation “{notation}”: {listed}.",
                subject=uris[0],
            )


def _thin_languages(concepts: Sequence[ConceptValue], findings: Findings) -> None:
    counts = Counter(
        label.language for concept in concepts for label in concept.labels if label.kind == "pref"
    )
    for language, count in counts.most_common():
        if language != UNDETERMINED and count < len(concepts):
            findings.add(
                "info",
                "missing-language",
                f"{len(concepts) - count} of {len(concepts)} concepts have no label in “{language}”.",
                subject=language,
            )
    if counts[UNDETERMINED]:
        findings.add(
            "info",
            "no-language",
            f"{counts[UNDETERMINED]} preferred labels have no language; it is kept as “{UNDETERMINED}”.",
        )
