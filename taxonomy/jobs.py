"""The door for vocabulary files (fetch, read in a limited child, compare, then apply) and for match runs."""

from django.core.files.base import ContentFile
from django.db import transaction

from fetch import FetchError, fetch
from problems import Problem
from taxonomy.actions import apply_vocabulary
from taxonomy.actions.applying import ChangedMeanwhile
from taxonomy.actions.dry_runs import write_dry_run
from taxonomy.actions.imports import KIND, MAX_BYTES
from taxonomy.actions.matching import KIND as MATCHING
from taxonomy.addresses import vocabulary_uri
from taxonomy.formats import READABLE, Format, recognised
from taxonomy.matching import Walk
from taxonomy.models import MatchRun, VocabularyImport
from taxonomy.skos import VocabularyValue
from work.registry import does
from work.runner import Line, Runner

ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, text/csv;q=0.6, */*;q=0.1"
TIMEOUT_S = 120
State = VocabularyImport.State


@does(KIND)
def import_file(runner: Runner) -> None:
    runner.start_over()
    record = VocabularyImport.objects.select_related("created_by", "vocabulary").get(pk=runner.subject)
    if not record.file and not _fetched(runner, record):
        return
    kind = READABLE[record.format]
    value = _read(record, kind)
    runner.expect(len(value.concepts))
    runner.report(
        Line(fault.sentence, fault.severity, fault.subject, f"line {fault.line}" if fault.line else "")
        for fault in value.problems
    )
    if not value.concepts:
        raise Problem("No concept could be read from the file. The report says why.", code="nothing-read")
    if not value.is_importable:
        raise Problem("The file has faults that must be mended first; see the report.", code="not-importable")
    runner.check()
    if not _applied(runner, record, value, kind):
        write_dry_run(record, value, is_complete=kind.is_complete)
    runner.advance(len(value.concepts))


def _applied(runner: Runner, record: VocabularyImport, value: VocabularyValue, kind: Format) -> bool:
    """Whether it was: if somebody has said so, and the vocabulary is still what they saw."""
    if not record.at_once and record.state != State.APPLYING:
        return False
    try:
        with transaction.atomic():
            applied = apply_vocabulary(
                value, slug=record.slug, title=record.title, by=record.created_by, source=record.url,
                is_complete=kind.is_complete, skip_conflicts=record.skip_conflicts,
                seen=None if record.at_once else record.seen_version,
            )  # fmt: skip
            record.vocabulary, record.state = applied.vocabulary, State.APPLIED
            record.save(update_fields=["vocabulary", "state"])
    except ChangedMeanwhile:
        runner.say("The vocabulary was changed meanwhile. Look at the import again.", severity="warning")
        return False
    runner.say(
        f"{applied.new} new, {applied.changed} changed, {applied.unchanged} unchanged concepts; "
        f"{applied.absent} are no longer in the file and were kept."
    )
    return True


@does(MATCHING)
def match_concepts(runner: Runner) -> None:
    Walk(runner, MatchRun.objects.select_related("vocabulary").get(pk=runner.subject)).go()


def _read(record: VocabularyImport, kind: Format) -> VocabularyValue:
    if kind.read is None:
        raise ValueError(f"“{kind.name}” is written, not read.")
    with record.file.open("rb") as file:
        return kind.read(file.read(), vocabulary_uri(record.slug))


def _fetched(runner: Runner, record: VocabularyImport) -> bool:
    """Fetch the file of an import; False when it has not changed where it lies."""
    try:
        answer = fetch(
            record.url, accept=ACCEPT, max_bytes=MAX_BYTES, timeout_s=TIMEOUT_S, etag=record.etag or None,
            if_modified_since=record.last_modified or None, pause=runner.pause,
        )  # fmt: skip
    except FetchError as error:
        raise Problem(str(error), code="not-fetched") from error
    if answer.status == 304:
        record.state = State.EMPTY
        record.save(update_fields=["state"])
        runner.say("The vocabulary has not changed at its address since it was last brought in.")
        return False
    kind = recognised(record.url.partition("?")[0], answer.body, media_type=answer.media_type)
    if kind is None:
        raise Problem("What lies at this address is none of the formats that we read.", code="unknown-format")
    record.format = kind.name
    record.etag, record.last_modified = (answer.etag or "")[:200], (answer.last_modified or "")[:100]
    record.file.save(f"{record.pk}.{kind.suffix}", ContentFile(answer.body), save=False)
    record.save(update_fields=["format", "etag", "last_modified", "file"])
    return True
