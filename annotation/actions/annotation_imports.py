"""Imports annotations: gathers their pages, puts them into layers, leaves aside what cannot be kept, and says so."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid5

from annotation.actions.annotation_batches import BATCH, take_out_missing, write_batch
from annotation.actions.annotation_layers import Identity, Layers, base_of, layers_of
from annotation.actions.annotation_pages import Gathering, Page, Survey, binary, items_of, stray_line
from annotation.actions.annotations import NewAnnotation
from annotation.actions.placing import Placed, Places, facts_of
from annotation.addresses import layer_uri
from annotation.iiif import AnnotationPageReference, ManifestReading, read
from annotation.import_folder import Aside, ImportFolder, open_upload
from annotation.models import Layer, SourceImport
from annotation.webanno import Found, Link, Piece, Prepared, Stray, prepare
from problems import Problem
from work.runner import Line, Runner

MOST_LINES = 2000
LEFT = "pages-left"


def import_annotations(runner: Runner, source: SourceImport) -> None:
    """Do one import, or go on with one that was stopped: pages that are there already are not fetched again.

    Raises `Problem` when nothing could be read, and when pages of busy hosts were left for a resume.
    """
    runner.start_over()
    folder = ImportFolder(source)
    gathering = Gathering(runner, folder, base=base_of(source))
    survey = gathering.gather(*_beginning(source))
    if survey.pages:
        with folder.aside() as aside:
            _Import(runner, source, survey, aside).write()
    if survey.left:
        sentence = (
            f"{survey.left} pages were left because their host is busy. What has been read is kept. "
            "Resume the import later to fetch the rest."
        )
        raise Problem(sentence, code=LEFT)
    if not survey.pages:
        raise Problem("None of the pages could be read. The report says why for each.", code="nothing-read")
    for page in survey.pages:
        folder.drop_page(page.uri)


def _beginning(source: SourceImport) -> tuple[list[Page], list[tuple[Link, str]]]:
    """The pages that are at hand, and the first links to follow, each with the address that completes it."""
    if source.file:
        return [Page(base_of(source), binary(partial(open_upload, source)))], []
    if source.manifest is None:
        return [], [(Link(source.url, ""), source.url)]
    reading = read(source.manifest.document, url=source.manifest.uri)
    if not isinstance(reading, ManifestReading):
        return [], []
    manifest = reading.manifest
    carried = [("", reference) for reference in manifest.annotations]
    carried += [(canvas.uri, page) for canvas in manifest.canvases for page in canvas.annotations]
    at_hand = [_page(place, page, index) for index, (place, page) in enumerate(carried) if page.document]
    linked = [
        (Link(page.uri, ""), manifest.uri) for _place, page in carried if not page.document and page.uri
    ]
    return at_hand, linked


def _page(canvas: str, reference: AnnotationPageReference, index: int) -> Page:
    uri = reference.uri or f"{canvas}#page-{index}"
    pieces = [Piece((), {"type": "AnnotationPage", **(reference.document or {})})]
    return Page(uri, lambda: pieces, place=canvas or uri)


@dataclass
class _Tally:
    """What became of the annotations of one layer."""

    counts: Counter[str] = field(default_factory=Counter)
    # Ids by their bytes: a set of them is a third of a set of UUIDs.
    seen: set[bytes] = field(default_factory=set)


class _Import:
    """One pass over the pages, batch by batch."""

    def __init__(self, runner: Runner, source: SourceImport, survey: Survey, aside: Aside) -> None:
        self._runner = runner
        self._by = source.created_by
        self._source = source
        self._survey = survey
        self._aside = aside
        choices = ImportFolder(source).choices()
        self._keeps_addresses = choices.keeps_addresses
        self._layers = Layers(source, choices, survey)
        self._places = Places(source.created_by)
        self._tallies: defaultdict[Identity, _Tally] = defaultdict(_Tally)
        self._elsewhere: Counter[str] = Counter()
        self._addresses: set[str] = set()
        self._broken = 0
        self._lines = 0
        self._unsaid: list[Line] = []
        self._reason = f"import {source.pk}"

    def write(self) -> None:
        done = self._runner.job.done
        self._runner.expect(done + self._survey.count, done=done)
        batch: list[tuple[Page, Found]] = []
        for page, found in self._found():
            batch.append((page, found))
            if len(batch) == BATCH:
                self._write(batch)
                batch = []
        self._write(batch)
        self._conclude()

    def _found(self) -> Iterator[tuple[Page, Found]]:
        for page in self._survey.pages:
            for item in items_of(page, on_fault=self._break_off):
                if isinstance(item, Found):
                    yield page, item
                elif isinstance(item, Stray):
                    self._say(stray_line(page, item))
                    self._aside.put(
                        item.sentence, document=item.value, place=page.place, pointer=item.pointer
                    )

    def _write(self, batch: Sequence[tuple[Page, Found]]) -> None:
        prepared = [(page, *self._prepare(found)) for page, found in batch]
        self._places.learn(arrival.reading for _page, _identity, arrival in prepared)
        fresh: defaultdict[Identity, list[NewAnnotation]] = defaultdict(list)
        origins: dict[UUID, tuple[Page, Prepared]] = {}
        for page, identity, arrival in prepared:
            placed = self._places.place(arrival.reading, manifest=arrival.found.manifest)
            new = self._accept(page, identity, arrival, placed)
            if new:
                fresh[identity].append(new)
                origins[new.id] = (page, arrival)
        for identity, rows in fresh.items():
            written = write_batch(rows[0].layer, rows, reason=self._reason)
            counts = self._tallies[identity].counts
            counts.update(new=written.new, changed=written.changed, unchanged=written.unchanged)
            for new in written.conflicts:
                self._conflict(identity, *origins[new.id])
        self._report()
        self._runner.advance(len(batch))

    def _prepare(self, found: Found) -> tuple[Identity, Prepared]:
        identity = self._layers.identity_of(found)
        pseudonym = None if self._keeps_addresses else partial(self._layers.pseudonym, identity)
        arrival = prepare(found, pseudonym=pseudonym)
        self._addresses |= arrival.addresses
        return identity, arrival

    def _accept(
        self, page: Page, identity: Identity, arrival: Prepared, placed: Placed
    ) -> NewAnnotation | None:
        """The row to be, or None after it was said why there will be none."""
        tally = self._tallies[identity]
        reasons = [(problem.pointer, problem.sentence) for problem in arrival.errors]
        if placed.leaves_canvas and placed.canvas:
            size = f"{placed.canvas.width:g} × {placed.canvas.height:g}"
            reasons.append(("", f"The region leaves its canvas, which is {size}."))
        layer = self._layers.existing(identity) if reasons else self._layers.layer(identity, arrival.found)
        pk = uuid5(layer.pk, arrival.name) if layer and arrival.name else None
        again = pk is not None and pk.bytes in tally.seen
        if pk:
            tally.seen.add(pk.bytes)
        severity = "error"
        if again and not reasons:
            reasons.append(("", "The annotation stands in the source a second time; the first was taken."))
            severity = "warning"
        if reasons or layer is None or pk is None:
            self._put_aside(page, identity, arrival, reasons, severity)
            return None
        self._note(page, arrival, placed)
        return NewAnnotation(id=pk, layer=layer, created_by_id=self._by.pk, **facts_of(placed))

    def _note(self, page: Page, arrival: Prepared, placed: Placed) -> None:
        """What is worth saying of an annotation that is taken."""
        for problem in placed.reading.problems:
            if problem.severity == "warning":
                self._say(Line(problem.sentence, "warning", _where(page, arrival), arrival.found.pointer))
        if placed.canvas is None:
            target = placed.reading.target
            self._elsewhere[(target and target.manifest) or arrival.found.manifest or ""] += 1

    def _put_aside(
        self,
        page: Page,
        identity: Identity,
        arrival: Prepared,
        reasons: Sequence[tuple[str, str]],
        severity: str,
    ) -> None:
        self._tallies[identity].counts["aside"] += 1
        place = _where(page, arrival)
        for pointer, sentence in reasons:
            self._say(Line(sentence, severity, place, f"{arrival.found.pointer}{pointer}"))
        why = " ".join(sentence for _pointer, sentence in reasons)
        self._aside.put(why, document=arrival.found.document, place=place, pointer=arrival.found.pointer)

    def _conflict(self, identity: Identity, page: Page, arrival: Prepared) -> None:
        self._tallies[identity].counts["conflicts"] += 1
        sentence = (
            "Somebody has changed this annotation here, and its publisher has changed it too. What stands here "
            "was kept; what the publisher says now is in the file of what was left aside."
        )
        place = _where(page, arrival)
        self._say(Line(sentence, "warning", place, arrival.found.pointer))
        self._aside.put(sentence, document=arrival.found.document, place=place, pointer=arrival.found.pointer)

    def _break_off(self, line: Line) -> None:
        self._broken += 1
        self._say(line)

    def _say(self, line: Line) -> None:
        self._lines += 1
        if self._lines <= MOST_LINES:
            self._unsaid.append(line)

    def _report(self) -> None:
        self._runner.report(self._unsaid)
        self._unsaid = []

    def _conclude(self) -> None:
        lines = list(self._elsewhere_lines())
        if self._lines > MOST_LINES:
            lines.append(
                Line(f"{self._lines - MOST_LINES} more faults and warnings are not listed.", "warning")
            )
        if self._addresses:
            said = f"{len(self._addresses)} e-mail addresses of annotators were replaced by pseudonyms."
            lines.append(Line(said))
        lines += [self._sum(identity, tally) for identity, tally in self._tallies.items()]
        touched = {identity.source_uri for identity in self._tallies}
        for layer in layers_of(self._source).exclude(source_uri__in=touched):
            sentence = f"The source no longer has the layer “{_title(layer)}”; it was left as it is."
            lines.append(Line(sentence, "warning", layer_uri(layer.pk)))
        if not self._tallies:
            lines.append(Line("There was no annotation in it.", "warning"))
        self._runner.report(lines)

    def _elsewhere_lines(self) -> Iterator[Line]:
        for manifest, count in self._elsewhere.most_common():
            sentence = (
                f"{count} annotations are about canvases that are not here. They were kept, and will be placed "
                "once their manifest is imported."
            )
            if not manifest:
                sentence = f"{sentence} They do not say of which manifest."
            yield Line(sentence, "warning", manifest)

    def _sum(self, identity: Identity, tally: _Tally) -> Line:
        """One line for each layer: what is new, changed, the same, gone, in conflict, left aside."""
        layer = self._layers.existing(identity)
        counts = tally.counts
        if layer is None:
            return Line(
                f"None of {counts['aside']} annotations could be kept; there is no layer of them.", "error"
            )
        gone = self._gone(layer, tally)
        said = (
            f"“{_title(layer)}”: {counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, "
            f"{gone} gone, {counts['conflicts']} changed here and at their publisher, {counts['aside']} left aside."
        )
        return Line(said, "info", layer_uri(layer.pk))

    def _gone(self, layer: Layer, tally: _Tally) -> int:
        """Take out what the source no longer has, but only when all of the source has been read."""
        if self._survey.failed or self._survey.left or self._broken:
            sentence = "Parts of the source could not be read; so nothing was taken out as gone."
            self._runner.say(sentence, severity="warning", place=layer_uri(layer.pk))
            return 0
        counts = tally.counts
        if not (counts["changed"] or counts["unchanged"] or counts["conflicts"]):
            others = layer.annotations.filter(deleted_at=None).count() - counts["new"]
            if others > 0:
                sentence = (
                    f"Nothing of this source was in the layer before; the {others} that were there stay."
                )
                self._runner.say(sentence, severity="warning", place=layer_uri(layer.pk))
            return 0
        taken, kept = take_out_missing(layer, tally.seen, reason=self._reason)
        if kept:
            sentence = (
                f"{kept} that the source no longer has are in use here or were changed here; they stay."
            )
            self._runner.say(sentence, severity="warning", place=layer_uri(layer.pk))
        return taken


def _where(page: Page, arrival: Prepared) -> str:
    """The canvas an annotation is about, as it names it; else the page it stands on."""
    target = arrival.reading.target
    return (target.source if target else None) or arrival.found.canvas or page.place


def _title(layer: Layer) -> str:
    titles = cast("dict[str, Any]", layer.label)
    return str(titles.get("en") or next(iter(titles.values()), layer.pk))
