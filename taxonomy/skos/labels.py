"""Reads the labels of a concept from SKOS, from SKOS-XL and from properties that refine them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from taxonomy.folding import fold
from taxonomy.skos.names import DCT, KIND_OF_LABEL, KIND_OF_XL_LABEL, LITERAL_FORM, RDFS_LABEL
from taxonomy.skos.triples import Node, Statements, Text, Triple, language_tag
from taxonomy.skos.values import (
    LONGEST_FOLDED_LABEL,
    LONGEST_LABEL,
    LONGEST_LANGUAGE,
    Findings,
    LabelKind,
    LabelValue,
)

_FALLBACKS = (RDFS_LABEL, DCT + "title")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a concept, and the statements they say completely."""

    values: tuple[LabelValue, ...]
    consumed: frozenset[Triple]


def read_labels(statements: Statements, uri: str, refined: Mapping[str, str], findings: Findings) -> Labels:
    """Return the labels of a concept: SKOS, then SKOS-XL (literal forms, S55–S57), then refinements.

    A second preferred label in one language becomes an alternative (SKOS S14), and is reported; a label
    that is both preferred and something else stays preferred only (S13).
    """
    consumed: set[Triple] = set()
    wells: tuple[list[tuple[LabelKind, Text]], ...] = ([], [], [])
    for predicate, node in statements.about(uri):
        if kind := KIND_OF_LABEL.get(predicate):
            if isinstance(node, Text):
                if not _is_too_long(node.text, node.language):
                    consumed.add((uri, predicate, node))
                wells[0].append((kind, node))
            else:
                _report_resource(uri, predicate, findings)
        elif kind := KIND_OF_XL_LABEL.get(predicate):
            wells[1].extend((kind, text) for text in _literal_forms(statements, node))
        elif (kind := KIND_OF_LABEL.get(refined.get(predicate, ""))) and isinstance(node, Text):
            wells[2].append((kind, node))
    found = settle(
        (
            (kind, language_tag(node.language), node.text, rank == 0)
            for rank, well in enumerate(wells)
            for kind, node in well
        ),
        uri,
        findings,
    )
    return Labels(found, frozenset(consumed))


def settle(
    labels: Iterator[tuple[LabelKind, str, str, bool]],
    subject: str,
    findings: Findings,
    *,
    line: int | None = None,
) -> tuple[LabelValue, ...]:
    """Return labels with at most one preferred a language, none empty, none twice.

    Takes (kind, language, text, whether a clash is worth a word) in order of authority.
    """
    preferred: dict[str, str] = {}
    found: dict[LabelValue, None] = {}
    for kind, language, text, worth_a_word in labels:
        if not text.strip():
            findings.add("warning", "empty-label", "An empty label was dropped.", subject=subject, line=line)
            continue
        if _is_too_long(text, language):
            findings.add(
                "warning",
                "long-label",
                f"A label of {len(text)} characters is too long to be used: “{text[:40]}…”. Is it a note?",
                subject=subject,
                line=line,
            )
            continue
        if kind == "pref":
            first = preferred.setdefault(language, text)
            if first == text:
                found[LabelValue("pref", language, text)] = None
                continue
            if worth_a_word:
                findings.add(
                    "warning",
                    "several-preferred-labels",
                    f"“{first}” and “{text}” are both preferred labels in “{language}”; the second became an "
                    f"alternative.",
                    subject=subject,
                    line=line,
                )
            kind = "alt"  # noqa: PLW2901
        found[LabelValue(kind, language, text)] = None
    return tuple(
        label for label in found if label.kind == "pref" or preferred.get(label.language) != label.text
    )


def _is_too_long(text: str, language: str) -> bool:
    if len(text) > LONGEST_LABEL or len(language) > LONGEST_LANGUAGE:
        return True
    # Folding may write one character as many (U+FDFA is eighteen).
    return len(text) * 18 > LONGEST_FOLDED_LABEL and len(fold(text)) > LONGEST_FOLDED_LABEL


def fallback_labels(statements: Statements, uri: str, findings: Findings) -> Labels | None:
    """Return rdfs:label or dct:title as labels for a concept that has none of SKOS's, or None."""
    texts = [node for name in _FALLBACKS for node in statements.nodes(uri, name) if isinstance(node, Text)]
    found = settle((("pref", language_tag(one.language), one.text, False) for one in texts), uri, findings)
    if not found:
        return None
    findings.add(
        "info",
        "label-not-skos",
        f"<{uri}> has no SKOS label; “{found[0].text}” was taken from rdfs:label or dct:title.",
        subject=uri,
    )
    return Labels(found, frozenset())


def _literal_forms(statements: Statements, node: Node) -> list[Text]:
    if isinstance(node, Text):
        return []
    return [form for form in statements.nodes(node, LITERAL_FORM) if isinstance(form, Text)]


def _report_resource(uri: str, predicate: str, findings: Findings) -> None:
    name = predicate.rpartition("#")[2]
    findings.add(
        "warning",
        "label-not-text",
        f"<{uri}> has a skos:{name} that is a resource instead of a text; it is kept on file but not used.",
        subject=uri,
    )
