"""Gathers the pages of annotations that an import is made of: fetched politely, kept, and followed to the last."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from annotation.import_folder import ImportFolder
from annotation.webanno import (
    NOTHING_SAID,
    BrokenJson,
    Found,
    Item,
    Link,
    Listed,
    Piece,
    Stray,
    contents,
    from_oa,
    is_oa,
    machine_of,
    model_results,
    pieces,
    texts,
)
from fetch import FetchError, HostBusy, fetch
from work.runner import Line, Runner

MAX_PAGES = 20_000
MAX_PAGE_BYTES = 200 * 2**20
# Of all pages that one import fetches: they are kept until it has ended.
MAX_BYTES = 2 * 2**30
TIMEOUT_S = 60
# A host that asks for a longer pause than this has its pages left for a resume.
LONGEST_WAIT_S = 120


@dataclass(frozen=True, slots=True)
class Page:
    """One document with annotations: its address (or a name for one without), and how to read its pieces."""

    uri: str
    parts: Callable[[], Iterable[Piece]]
    known: Listed = NOTHING_SAID
    place: str = ""


@dataclass
class Group:
    """The annotations of one collection: its label, and which models made them if none was made by a person."""

    label: object = None
    count: int = 0
    machines: set[str] = field(default_factory=set)
    is_by_machines: bool = True

    def add(self, found: Found) -> None:
        self.count += 1
        self.label = self.label or found.page.collection_label
        if self.is_by_machines:
            machine = machine_behind(found)
            self.is_by_machines = machine is not None
            self.machines |= {machine} if machine else set()


@dataclass
class Survey:
    """What the pages hold, before anything is written: groups by the URI of their collection ("" for none)."""

    pages: list[Page] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    failed: int = 0
    left: int = 0

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups.values())


def machine_behind(found: Found) -> str | None:
    """The model that made an annotation, by what its texts say; None when a person may have."""
    document = from_oa(found.document) if is_oa(found.document) else found.document
    return machine_of([result for text in texts(document) for result in model_results(text)])


class Gathering:
    """One import's way through its pages."""

    def __init__(self, runner: Runner, folder: ImportFolder, *, base: str) -> None:
        self._runner = runner
        self._folder = folder
        self._base = base
        self._survey = Survey()
        self._seen: set[str] = set()
        self._waiting: deque[Link] = deque()
        self._bytes = 0

    def gather(self, given: Iterable[Page], links: Iterable[tuple[Link, str]]) -> Survey:
        """Look through the pages that are at hand, then fetch those that are linked, and what they link.

        A page that cannot be had costs itself and a line of the report.
        """
        self._runner.expect(0)
        for page in given:
            self._look_through(page)
        for link, base in links:
            self._follow(link, base)
        while self._waiting:
            link = self._waiting.popleft()
            self._runner.check()
            if self._folder.has_page(link.uri) or self._fetch(link.uri):
                self._look_through(self._fetched(link))
            self._runner.advance()
        return self._survey

    def _fetched(self, link: Link) -> Page:
        def parts() -> Iterator[Piece]:
            with self._folder.open_page(link.uri) as file:
                yield from pieces(file)

        return Page(link.uri, parts, link.page, link.uri)

    def _follow(self, link: Link, base: str) -> None:
        uri = urljoin(base, link.uri).partition("#")[0]
        if uri in self._seen:
            return
        if urlsplit(uri).scheme not in ("http", "https"):
            sentence = f"“{uri[:200]}” is no address that can be followed; the page was left out."
            self._runner.say(sentence, severity="error", place=base, pointer=link.pointer)
            self._survey.failed += 1
            return
        if len(self._seen) == MAX_PAGES:
            sentence = f"There are more than {MAX_PAGES} pages; the others are not followed."
            self._runner.say(sentence, severity="error", place=base, pointer=link.pointer)
            self._survey.failed += 1
        self._seen.add(uri)
        if len(self._seen) <= MAX_PAGES:
            self._waiting.append(Link(uri, link.pointer, link.page))
            self._runner.expect((self._runner.job.total or 0) + 1, done=self._runner.job.done)

    def _look_through(self, page: Page) -> None:
        """Count what a page holds and note its links; what cannot be read is reported when it is written."""
        self._survey.pages.append(page)
        # A page must not lead back to itself.
        self._seen.add(page.uri)
        for count, item in enumerate(items_of(page), start=1):
            if isinstance(item, Found):
                self._survey.groups.setdefault(item.page.collection or "", Group()).add(item)
            elif isinstance(item, Link):
                self._follow(item, page.uri or self._base)
            if count % 2000 == 0:
                self._runner.check()

    def _fetch(self, uri: str) -> bool:
        """Whether the page is there now; a busy host is waited for once, then its page is left."""
        if self._bytes > MAX_BYTES:
            sentence = f"The pages have more than {MAX_BYTES // 2**20} MB together; this one was left out."
            self._runner.say(sentence, severity="error", place=uri)
            self._survey.failed += 1
            return False
        try:
            content = self._asked(uri)
            self._folder.keep_page(uri, content)
            self._bytes += len(content)
        except HostBusy as error:
            sentence = f"{error} The page was left; resume the import to fetch it."
            self._runner.say(sentence, severity="warning", place=uri)
            self._survey.left += 1
            return False
        except FetchError as error:
            self._runner.say(str(error), severity="error", place=uri)
            self._survey.failed += 1
            return False
        return True

    def _asked(self, uri: str) -> bytes:
        try:
            return _answer(uri)
        except HostBusy as error:
            if error.retry_after_s > LONGEST_WAIT_S:
                raise
            self._wait(error.retry_after_s)
            return _answer(uri)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._runner.check()
            time.sleep(min(left, 1.0))


def _answer(uri: str) -> bytes:
    answer = fetch(uri, max_bytes=MAX_PAGE_BYTES, timeout_s=TIMEOUT_S)
    # Whether it is JSON at all shows in its first character; the rest is read piece by piece.
    if answer.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        answer.json()
    return answer.body


def items_of(page: Page, *, on_fault: Callable[[Line], None] | None = None) -> Iterator[Item]:
    """What a page holds; broken JSON ends it, with a line for `on_fault`, and what stood before is kept."""
    try:
        yield from contents(page.parts(), page=page.known)
    except BrokenJson as error:
        if on_fault:
            on_fault(Line(str(error), "error", page.place))


def stray_line(page: Page, stray: Stray) -> Line:
    return Line(stray.sentence, "error", page.place, stray.pointer)


def binary(open_file: Callable[[], BinaryIO]) -> Callable[[], Iterator[Piece]]:
    """The pieces of a file that is opened anew for every walk."""

    def parts() -> Iterator[Piece]:
        with open_file() as file:
            yield from pieces(file)

    return parts
