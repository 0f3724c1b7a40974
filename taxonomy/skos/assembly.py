"""Makes a vocabulary of drafts: one concept for each thing, links found by name, addresses given, faults told."""

import re
from collections.abc import Iterable, Iterator

from taxonomy.folding import fold
from taxonomy.skos.drafts import Draft
from taxonomy.skos.hierarchy import opened, symmetric
from taxonomy.skos.labels import settle
from taxonomy.skos.survey import survey
from taxonomy.skos.triples import legal_iri, quoted
from taxonomy.skos.values import ConceptValue, Findings, VocabularyValue

MINTED = "urn:x-rubricator:"


def looks_like_uri(text: str) -> bool:
    """Whether a text is an absolute URI."""
    return bool(
        re.fullmatch(r"(?:https?://|urn:|ark:|info:|tag:|doi:)[^\s<>\"]+", text.strip(), re.IGNORECASE)
    )


def assembled(drafts: Iterable[Draft], *, base: str, findings: Findings) -> VocabularyValue:
    """Return the vocabulary that the drafts describe, with the problems found so far and on the way.

    Drafts about the same concept become one; parents, related concepts and replacements are found by URI,
    key, notation or label. A concept without a URI gets one under `base`, made from its notation or label,
    the same on every reading.
    """
    value = _value(_merged(drafts, findings), base, findings)
    if not value.concepts:
        findings.add("error", "no-concepts", "The file names no concept, so there is nothing to import.")
    return VocabularyValue(uri=None, concepts=value.concepts, problems=findings.problems(), lines=value.lines)


def _merged(drafts: Iterable[Draft], findings: Findings) -> list[Draft]:
    """Return the drafts with URIs checked and rows about the same concept made one."""
    kept: list[Draft] = []
    known: dict[tuple[object, ...], Draft] = {}
    replaced: dict[int, Draft] = {}
    for draft in drafts:
        if draft.above is not None:
            draft.above = replaced.get(id(draft.above), draft.above)
        if draft.key and not draft.uri and looks_like_uri(draft.key):
            draft.uri = draft.key
        if draft.uri and not looks_like_uri(draft.uri):
            findings.add(
                "warning",
                "bad-uri",
                f"“{draft.uri}” is not a full URI; the concept was given one made from its label.",
                subject=draft.name,
                line=draft.line,
            )
            draft.key, draft.uri = draft.key or draft.uri, ""
        draft.uri = legal_iri(draft.uri)
        identity = _identity(draft)
        first = known.setdefault(identity, draft)
        if first is draft:
            kept.append(draft)
            continue
        replaced[id(draft)] = first
        _absorb(first, draft, findings)
    return kept


def _identity(draft: Draft) -> tuple[object, ...]:
    if draft.uri:
        return ("uri", draft.uri)
    if (draft.key or draft.notation) and not draft.is_named_by_label:
        return ("key", draft.key or draft.notation)
    if draft.above is not None:
        return ("below", id(draft.above), draft.name)
    return ("label", draft.name)


def _absorb(first: Draft, again: Draft, findings: Findings) -> None:
    same_parents = again.parents == first.parents and again.above is first.above
    findings.add(
        "warning" if same_parents else "info",
        "repeated-concept",
        f"“{again.name}” stands already on line {first.line}; the two rows were made one concept.",
        subject=again.name,
        line=again.line,
    )
    first.labels += again.labels
    first.notes += again.notes
    first.parents += again.parents
    first.related += again.related
    first.matches += again.matches
    first.replaced_by += again.replaced_by
    if again.above is not None and again.above is not first.above:
        first.also_above.append(again.above)


class _Names:
    """Finds a concept by what a cell calls it: URI, key, notation, label, label without accents or case."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self._levels: tuple[dict[str, list[Draft]], ...] = ({}, {}, {}, {})
        for draft in drafts:
            self.add(draft)

    def add(self, draft: Draft) -> None:
        """Make a concept findable."""
        exact, codes, labels, folded = self._levels
        exact.setdefault(draft.uri, []).append(draft)
        for code in {draft.key, draft.notation} - {""}:
            codes.setdefault(code, []).append(draft)
        for text in dict.fromkeys(text for kind, _, text in draft.labels if kind == "pref"):
            labels.setdefault(text, []).append(draft)
            folded.setdefault(fold(text), []).append(draft)

    def find(self, name: str) -> list[Draft]:
        """Return the concepts of that name, at the first level that knows one."""
        for level, wanted in zip(self._levels, (name, name, name, fold(name)), strict=True):
            if found := level.get(wanted):
                return found
        return []


def _value(drafts: list[Draft], base: str, findings: Findings) -> VocabularyValue:
    names = _Names(drafts)
    drafts = _with_implied_parents(drafts, names, findings)
    _mint(drafts, base)
    broader: dict[str, list[str]] = {}
    related: dict[str, list[str]] = {}
    replaced: dict[str, list[str]] = {}
    for draft in drafts:
        parents = [one.uri for one in (draft.above, *draft.also_above) if one is not None]
        parents += [one.uri for one in _found(draft, draft.parents, "parent", names, findings)]
        broader[draft.uri] = list(dict.fromkeys(parents))
        related[draft.uri] = [one.uri for one in _found(draft, draft.related, "related", names, findings)]
        replaced[draft.uri] = list(_replacements(draft, names, findings))
    shown = {draft.uri: draft.name for draft in drafts}
    broader = opened(broader, findings, names=shown)
    related = symmetric(related)
    concepts = tuple(
        ConceptValue(
            uri=draft.uri,
            notation=draft.notation or (draft.key if draft.key != draft.uri else ""),
            labels=settle(((*label, True) for label in draft.labels), draft.name, findings, line=draft.line),
            notes=tuple(dict.fromkeys(draft.notes)),
            broader=tuple(broader[draft.uri]),
            related=tuple(related[draft.uri]),
            matches=tuple(dict.fromkeys(draft.matches)),
            position=position,
            deprecated=draft.deprecated,
            extra="\n".join(f"<{draft.uri}> <{name}> {quoted(text)} ." for name, text in draft.extra),
            replaced_by=tuple(dict.fromkeys(replaced[draft.uri])),
        )
        for position, draft in enumerate(drafts)
    )
    survey(concepts, findings)
    return VocabularyValue(uri=None, concepts=concepts, lines={draft.uri: draft.line for draft in drafts})


def _replacements(draft: Draft, names: "_Names", findings: Findings) -> Iterator[str]:
    """What is to be used instead may stand in another vocabulary: a URI is kept as it is."""
    for name in draft.replaced_by:
        if looks_like_uri(name) and not names.find(legal_iri(name)):
            yield legal_iri(name)
        else:
            yield from (one.uri for one in _found(draft, [name], "replacement", names, findings))


def _with_implied_parents(drafts: list[Draft], names: _Names, findings: Findings) -> list[Draft]:
    """Return the drafts with a root added, before its first child, for each parent that has no row."""
    complete: list[Draft] = []
    for draft in drafts:
        for name in draft.parents:
            if not looks_like_uri(name) and not names.find(name):
                implied = Draft(
                    draft.line, labels=[("pref", draft.labels[0][1] if draft.labels else "und", name)]
                )
                names.add(implied)
                complete.append(implied)
                findings.add(
                    "info",
                    "implied-parent",
                    f"“{name}” is named as a parent but has no row of its own; it was added at the top.",
                    subject=name,
                    line=draft.line,
                )
        complete.append(draft)
    return complete


def _found(
    draft: Draft, wanted: Iterable[str], role: str, names: _Names, findings: Findings
) -> Iterator[Draft]:
    for name in wanted:
        found = names.find(legal_iri(name) if looks_like_uri(name) else name)
        if not found:
            findings.add(
                "warning",
                f"unknown-{role}",
                f"“{draft.name}” names “{name}” as {role}, which is not in the table; the link was dropped.",
                subject=draft.name,
                line=draft.line,
            )
            continue
        if len(found) > 1:
            findings.add(
                "warning",
                f"ambiguous-{role}",
                f"“{name}” could be {len(found)} concepts; the one on line {found[0].line} was taken.",
                subject=draft.name,
                line=draft.line,
            )
        yield found[0]


def _mint(drafts: list[Draft], base: str) -> None:
    """Give a URI to each concept without: its notation or label, then with its parent's, then numbered."""
    taken = {draft.uri for draft in drafts if draft.uri}
    for draft in drafts:
        if draft.uri:
            continue
        code = "" if draft.is_named_by_label else draft.notation or draft.key
        slug = _slug(code or draft.name)
        wanted = base + slug
        if wanted in taken and draft.above is not None:
            wanted = f"{draft.above.uri if draft.above.uri.startswith(base) else base}-{slug}"
        number, unique = 1, wanted
        while unique in taken:
            number += 1
            unique = f"{wanted}-{number}"
        taken.add(unique)
        draft.uri = unique


def _slug(text: str) -> str:
    # A notation may differ by case or by a bracket only (25F23(LION)): such marks are kept, percent-encoded.
    return legal_iri(re.sub(r"\s+", "-", fold(text))) or "concept"
