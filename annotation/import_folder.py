"""What an import of annotations keeps beside itself in storage: its choices, fetched pages, what was left aside."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import IO, Any, BinaryIO, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from annotation.models import SourceImport


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose: the label of the layer, whether addresses of annotators are kept, who may read."""

    label: str = ""
    keeps_addresses: bool = False
    is_public: bool = False


USUAL = Choices()


class ImportFolder:
    """The files of one import, under its id; a stopped import finds here what it has fetched already."""

    def __init__(self, source: SourceImport) -> None:
        self._root = f"imports/{source.pk}"

    # --- choices ---

    def choose(self, choices: Choices) -> None:
        self._write("choices.json", json.dumps(asdict(choices)).encode())

    def choices(self) -> Choices:
        """What was chosen; the defaults where nothing was."""
        name = self._name("choices.json")
        if not default_storage.exists(name):
            return USUAL
        with default_storage.open(name, "rb") as file:
            return Choices(**json.load(file))

    # --- pages ---

    def has_page(self, uri: str) -> bool:
        return default_storage.exists(self._page(uri))

    def keep_page(self, uri: str, content: bytes) -> None:
        self._write(self._page(uri).removeprefix(f"{self._root}/"), content)

    def open_page(self, uri: str) -> BinaryIO:
        return cast("BinaryIO", default_storage.open(self._page(uri), "rb"))

    def drop_page(self, uri: str) -> None:
        default_storage.delete(self._page(uri))

    def drop(self) -> None:
        """Delete all of it; harmless to repeat."""
        for folder in (f"{self._root}/pages", self._root):
            if not default_storage.exists(folder):
                continue
            for name in default_storage.listdir(folder)[1]:
                default_storage.delete(f"{folder}/{name}")
            default_storage.delete(folder)

    # --- what was left aside ---

    @contextmanager
    def aside(self) -> Iterator["Aside"]:
        """A file to put documents aside in; it stands in storage once the block ends, however it ends."""
        with tempfile.SpooledTemporaryFile(max_size=2**20) as file:
            aside = Aside(file)
            try:
                yield aside
            finally:
                self._keep(aside, file)

    def open_aside(self) -> BinaryIO | None:
        """The documents that were left aside, as one JSON list; None when there are none."""
        name = self._name("left-aside.json")
        return cast("BinaryIO", default_storage.open(name, "rb")) if default_storage.exists(name) else None

    def has_aside(self) -> bool:
        return default_storage.exists(self._name("left-aside.json"))

    def _keep(self, aside: "Aside", file: "IO[bytes]") -> None:
        name = self._name("left-aside.json")
        default_storage.delete(name)
        if aside.count:
            file.write(b"\n]\n")
            file.seek(0)
            default_storage.save(name, File(file))

    def _write(self, name: str, content: bytes) -> None:
        default_storage.delete(self._name(name))
        default_storage.save(self._name(name), ContentFile(content))

    def _name(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _page(self, uri: str) -> str:
        return self._name(f"pages/{sha256(uri.encode('utf-8', 'replace')).hexdigest()}.json")


def open_upload(source: SourceImport) -> BinaryIO:
    """The file that was sent, from its beginning, by a handle of its own."""
    return cast("BinaryIO", default_storage.open(str(source.file.name), "rb"))


class Aside:
    """The list being written: documents that cannot be in a layer, each with the reason and its place."""

    def __init__(self, file: "IO[bytes]") -> None:
        self._file = file
        self.count = 0

    def put(self, why: str, *, document: Any, place: str, pointer: str, **facts: Any) -> None:
        entry = {"why": why, "place": place, "pointer": pointer, **facts, "document": document}
        self._file.write(b",\n" if self.count else b"[\n")
        self._file.write(json.dumps(entry, ensure_ascii=False, default=str).encode("utf-8", "replace"))
        self.count += 1
