"""Keeps what an import would do as lines to look at, worst first; nothing of the vocabulary is touched."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from django.db import transaction

from taxonomy import comparing
from taxonomy.actions.applying import Here, existing, look
from taxonomy.comparing import Comparison, Difference
from taxonomy.copying import copy_rows
from taxonomy.documents import collections_of
from taxonomy.models import ImportFinding, Vocabulary, VocabularyImport
from taxonomy.skos import ConceptValue, LabelValue, NoteValue, Problem, VocabularyValue
from taxonomy.skos.values import Findings

RANKS = {kind: rank for rank, kind in enumerate(ImportFinding.Kind.values)}
_LINE = ("kind", "rank", "code", "line", "uri", "label", "sentence", "fields")
_MOST_SHOWN = 20


def write_dry_run(record: VocabularyImport, value: VocabularyValue, *, is_complete: bool) -> None:
    """Compare the file of an import with the vocabulary and keep the lines.

    Raises what applying would raise: `Conflict` for another scheme, `Refused` for somebody else's vocabulary.
    """
    vocabulary = existing(value, slug=record.slug, by=record.created_by)
    here = look(vocabulary)
    comparison = here.compared_with(value, is_complete=is_complete)
    broken = [one for one in value.problems if one.severity != "info"]
    broken += _checked(here, value, comparison)
    groups = len(set(collections_of(vocabulary) if vocabulary else ()) ^ set(value.collections))
    with transaction.atomic():
        record.findings.all().delete()
        copy_rows(ImportFinding, ("record", *_LINE), _rows(record, value, comparison, broken))
        _conclude(
            record, vocabulary, comparison, len(broken), groups if value.collections or is_complete else 0
        )


def _conclude(
    record: VocabularyImport, vocabulary: Vocabulary | None, comparison: Comparison, broken: int, groups: int
) -> None:
    counts = {kind: comparison.count(kind) for kind in ("new", "changed", "conflict", "absent")}
    is_empty = not (counts["new"] or counts["changed"] or counts["conflict"] or groups)
    record.counts = {**counts, "unchanged": comparison.unchanged, "broken": broken, "collections": groups}
    record.seen_version = vocabulary.version if vocabulary else 0
    record.vocabulary = vocabulary
    record.state = VocabularyImport.State.EMPTY if is_empty else VocabularyImport.State.READY
    record.save(update_fields=["counts", "seen_version", "vocabulary", "state"])


def _rows(
    record: VocabularyImport, value: VocabularyValue, comparison: Comparison, broken: Iterable[Problem]
) -> Iterator[tuple[Any, ...]]:
    for one in broken:
        uri = one.subject[:500]
        yield (
            record.pk, "broken", RANKS["broken"], one.code[:40], one.line, uri, "", one.sentence, "{}",
        )  # fmt: skip
    for found in comparison.differences.values():
        shown = found.after or found.before
        label = shown.display("en")[:500] if shown else ""
        yield (
            record.pk, found.kind, RANKS[found.kind], found.code, value.lines.get(found.uri), found.uri, label,
            "", _fields(found),
        )  # fmt: skip


def _fields(one: Difference) -> str:
    """What differs, as JSON."""
    said = {name: [_shown(before), _shown(after)] for name, (before, after) in one.fields.items()}
    return orjson.dumps(said).decode()


def _shown(said: object) -> list[str]:
    """A field of a concept as lines to read; long lists are cut, with how many more there are."""
    if isinstance(said, tuple):
        lines = [_line(one) for one in said[:_MOST_SHOWN]]
        return [*lines, f"+ {len(said) - _MOST_SHOWN}"] if len(said) > _MOST_SHOWN else lines
    return [str(said).lower() if isinstance(said, bool) else str(said)[:1000]] if said else []


def _line(one: object) -> str:
    if isinstance(one, LabelValue):
        return f"{one.text} ({one.language}, {one.kind})"
    if isinstance(one, NoteValue):
        return f"{one.text[:300]} ({one.language}, {one.kind})"
    return " ".join(one) if isinstance(one, tuple) else str(one)


def _checked(here: Here, value: VocabularyValue, comparison: Comparison) -> list[Problem]:
    """What would be broken in the vocabulary afterwards that the file alone does not show."""
    findings = Findings()
    after: dict[str, ConceptValue] = dict(here.values)
    arriving = {one.uri: one for one in comparison.to_write(skip_conflicts=False)}
    after.update(arriving)
    lines = value.lines
    for child, parent in comparison.cut:
        findings.add(
            "warning", "cycle", f"<{child}> below <{parent}> makes a cycle with what is here; the link was left out.",
            subject=child, line=lines.get(child),
        )  # fmt: skip
    _names(after, arriving, lines, findings)
    _notations(after, arriving, value, lines, findings)
    languages = comparing.languages_of(here.values.values() or value.concepts)
    for language, uris in comparing.without_language(arriving.values(), languages).items():
        for uri in uris:
            findings.add(
                "warning", f"missing-{language}"[:40], f"{arriving[uri].display('en')} has no label in “{language}”.",
                subject=uri, line=lines.get(uri),
            )  # fmt: skip
    return list(findings.problems())


def _names(
    after: Mapping[str, ConceptValue],
    arriving: Mapping[str, object],
    lines: Mapping[str, int],
    findings: Findings,
) -> None:
    for (language, text), uris in comparing.same_names(after.values()).items():
        if first := next((uri for uri in uris if uri in arriving), None):
            findings.add(
                "warning", "duplicate-label",
                f"{len(uris)} concepts have the preferred label “{text}” in “{language}”.",
                subject=first, line=lines.get(first),
            )  # fmt: skip


def _notations(
    after: Mapping[str, ConceptValue], arriving: Mapping[str, object], value: VocabularyValue,
    lines: Mapping[str, int], findings: Findings,
) -> None:  # fmt: skip
    """Notations that clash with a concept which the file does not have; those within it are told already."""
    inside = {one.uri for one in value.concepts}
    for notation, uris in comparing.same_notations(after.values()).items():
        first = next((uri for uri in uris if uri in arriving), None)
        if first and not inside.issuperset(uris):
            findings.add(
                "warning", "duplicate-notation",
                f"The notation “{notation}” belongs to a concept that is not in the file as well.",
                subject=first, line=lines.get(first),
            )  # fmt: skip
