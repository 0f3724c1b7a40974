"""The door for vocabulary files (read in a limited child, every fault reported, then applied) and for match runs."""

from problems import Problem
from taxonomy.actions import apply_vocabulary
from taxonomy.actions.matching import KIND
from taxonomy.addresses import vocabulary_uri
from taxonomy.matching import Walk
from taxonomy.models import MatchRun, VocabularyImport
from taxonomy.skos import VocabularyValue, parse_safely, read_csv
from work.registry import does
from work.runner import Line, Runner


@does("taxonomy.import")
def import_file(runner: Runner) -> None:
    runner.start_over()
    record = VocabularyImport.objects.select_related("created_by").get(pk=runner.subject)
    with record.file.open("rb") as file:
        value = _read(record, file.read())
    runner.expect(len(value.concepts))
    runner.report(
        Line(fault.sentence, fault.severity, fault.subject, f"line {fault.line}" if fault.line else "")
        for fault in value.problems
    )
    if not value.concepts:
        raise Problem("No concept could be read from the file. The report says why.", code="nothing-read")
    applied = apply_vocabulary(value, slug=record.slug, title=record.title, by=record.created_by)
    record.vocabulary = applied.vocabulary
    record.save(update_fields=["vocabulary"])
    runner.advance(len(value.concepts))
    runner.say(
        f"{applied.new} new, {applied.changed} changed, {applied.unchanged} unchanged concepts; "
        f"{applied.absent} are no longer in the file and were kept."
    )


@does(KIND)
def match_concepts(runner: Runner) -> None:
    Walk(runner, MatchRun.objects.select_related("vocabulary").get(pk=runner.subject)).go()


def _read(record: VocabularyImport, data: bytes) -> VocabularyValue:
    if record.format == VocabularyImport.Format.CSV:
        return read_csv(data, base=vocabulary_uri(record.slug))
    return parse_safely(data, rdf_format=record.format)
