"""Keeps what an import would do as lines to look at, worst first; nothing of the vocabulary is touched."""

from collections.abc import Iterator, Mapping
from itertools import chain

import orjson
from django.db import transaction

from taxonomy import comparing
from taxonomy.actions.applying import Here, existing, look
from taxonomy.actions.scheme import Said, said_anew
from taxonomy.comparing import Comparison, Difference
from taxonomy.copying import copy_rows
from taxonomy.documents import collections_of
from taxonomy.models import ImportFinding, Vocabulary, VocabularyImport
from taxonomy.skos import ConceptValue, LabelValue, NoteValue, Problem, VocabularyValue
from taxonomy.skos.values import Findings

RANKS = {kind: rank for rank, kind in enumerate(ImportFinding.Kind.values)}
_LINE = ("kind", "rank", "code", "line", "uri", "label", "sentence", "fields")
_MOST_SHOWN = 20
# What a line of the report holds, in the order of `_LINE`.
Line = tuple[str, int, str, int | None, str, str, str, str]


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
    said = said_anew(vocabulary, value, title=record.title, source=record.url) if vocabulary else {}
    with transaction.atomic():
        record.findings.all().delete()
        rows = chain(_rows(value, comparison, broken), _described(vocabulary, said))
        copy_rows(ImportFinding, ("record", *_LINE), ((record.pk, *row) for row in rows))
        more = {
            "broken": len(broken),
            "collections": groups if value.collections or is_complete else 0,
            "described": int(bool(said)),
        }
        _conclude(record, vocabulary, comparison, more)


def _conclude(
    record: VocabularyImport, vocabulary: Vocabulary | None, comparison: Comparison, more: dict[str, int]
) -> None:
    counts = {kind: comparison.count(kind) for kind in ("new", "changed", "conflict", "absent")}
    record.counts = {**counts, "unchanged": comparison.unchanged, **more}
    writes = ("new", "changed", "conflict", "collections", "described")
    is_empty = not any(record.counts[name] for name in writes)
    record.seen_version = vocabulary.version if vocabulary else 0
    record.vocabulary = vocabulary
    record.state = VocabularyImport.State.EMPTY if is_empty else VocabularyImport.State.READY
    record.save(update_fields=["counts", "seen_version", "vocabulary", "state"])


def _rows(value: VocabularyValue, comparison: Comparison, broken: list[Problem]) -> Iterator[Line]:
    subjects = {problem.subject for problem in broken}
    called = {one.uri: one.display("en")[:500] for one in value.concepts if one.uri in subjects}
    for one in broken:
        label = called.get(one.subject, "")
        yield (
            "broken", RANKS["broken"], one.code[:40], one.line, one.subject[:500], label, one.sentence, "{}",
        )  # fmt: skip
    for found in comparison.differences.values():
        shown = found.after or found.before
        label = shown.display("en")[:500] if shown else ""
        line = value.lines.get(found.uri)
        yield found.kind, RANKS[found.kind], found.code, line, found.uri, label, "", _fields(found)


def _described(vocabulary: Vocabulary | None, said: Said) -> Iterator[Line]:
    """What would change in what the vocabulary says of itself, as one line more."""
    if vocabulary is not None and said:
        title = str(vocabulary.title.get("en") or next(iter(vocabulary.title.values()), ""))[:500]
        fields = {name: [_texts(before), _texts(after)] for name, (before, after) in said.items()}
        yield "changed", RANKS["changed"], "described", None, vocabulary.uri, title, "", _json(fields)


def _texts(said: object) -> list[str]:
    if isinstance(said, dict):
        return [f"{text} ({language})"[:1000] for language, text in said.items()]
    return [str(said)[:1000]] if said else []


def _fields(one: Difference) -> str:
    """What differs, as JSON."""
    return _json({name: _apart(before, after) for name, (before, after) in one.fields.items()})


def _apart(before: object, after: object) -> list[list[str]]:
    """What only one side has, as lines to read; all of both where they differ in nothing but their order."""
    if isinstance(before, tuple) and isinstance(after, tuple) and set(before) != set(after):
        gone = tuple(one for one in before if one not in after)
        come = tuple(one for one in after if one not in before)
        return [_shown(gone), _shown(come)]
    return [_shown(before), _shown(after)]


def _json(fields: Mapping[str, object]) -> str:
    return orjson.dumps(fields).decode()


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
