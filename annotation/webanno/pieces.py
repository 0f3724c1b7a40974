"""Reads JSON of any size piece by piece, so that a file of many annotations never stands in memory whole."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

# A value whose text is longer is taken apart into its members; one annotation is never near this size.
LARGEST_PIECE = 2 * 2**20
MAX_DEPTH = 60

Path = tuple[str | int, ...]

_CHUNK = 2**20
_SPACE = re.compile(r"[ \t\r\n]*")
# jsonb stores neither a NUL nor half of a surrogate pair.
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])|\x00")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CUT = object()


class BrokenJson(ValueError):
    """The text is no JSON, or ceases to be; the message is a sentence that says where."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A value and the keys and positions that lead to it from the top of the document."""

    path: Path
    value: Any


def pieces(file: BinaryIO, *, largest: int = LARGEST_PIECE) -> Iterator[Piece]:
    """The JSON in `file`, in order: whole if its text has at most `largest` characters, else its members.

    Any Unicode encoding, with or without byte-order mark. What stands before a fault is yielded before it
    raises BrokenJson. Characters that PostgreSQL cannot hold are replaced.
    """
    start = file.read(4)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=json.detect_encoding(start), errors="replace")
    try:
        reader = _Reader(text, largest)
        yield from reader.value(())
        if reader.peek():
            raise BrokenJson(f"Something follows the end of the JSON, {reader.place()}.")
    finally:
        text.detach()


class _Reader:
    def __init__(self, text: io.TextIOBase, largest: int) -> None:
        self._text = text
        self._largest = largest
        self._decoder = json.JSONDecoder(strict=False)
        self._buffer = ""
        self._at = 0
        self._before = 0
        self._ended = False

    def place(self) -> str:
        return f"at character {self._before + self._at + 1}"

    def peek(self) -> str:
        """The next character that is no space, "" at the end; it is not consumed."""
        while True:
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended:
                return ""
            self._more()

    def value(self, path: Path) -> Iterator[Piece]:
        kind = self.peek()
        if kind == "<" and not path:
            raise BrokenJson("This is a web page or XML, not JSON.")
        if not kind:
            said = "The file is empty." if not path else f"The JSON breaks off {self.place()}."
            raise BrokenJson(said)
        whole = self._whole()
        if whole is not _CUT:
            yield Piece(path, whole)
        elif kind not in "{[":
            raise BrokenJson(f"The JSON has a fault {self.place()}.")
        elif len(path) >= MAX_DEPTH:
            raise BrokenJson(f"The JSON is nested more than {MAX_DEPTH} levels deep.")
        else:
            self._at += 1
            yield from self._members(path) if kind == "{" else self._elements(path)

    def _members(self, path: Path) -> Iterator[Piece]:
        while self.peek() != "}":
            key = self._whole() if self.peek() == '"' else _CUT
            if not isinstance(key, str):
                raise BrokenJson(f"The JSON has a fault {self.place()}: the name of a member is expected.")
            self._take(":")
            yield from self.value((*path, key))
            if not self._next("}"):
                break
        self._take("}")

    def _elements(self, path: Path) -> Iterator[Piece]:
        index = 0
        while self.peek() != "]":
            yield from self.value((*path, index))
            index += 1
            if not self._next("]"):
                break
        self._take("]")

    def _next(self, closing: str) -> bool:
        """Step over a comma; False when the closing bracket comes instead."""
        if self.peek() == closing:
            return False
        self._take(",")
        return True

    def _take(self, character: str) -> None:
        if self.peek() != character:
            found = "breaks off" if not self.peek() else f"has a fault, “{character}” is expected"
            raise BrokenJson(f"The JSON {found} {self.place()}.")
        self._at += 1

    def _whole(self) -> Any:
        """The value that begins here; _CUT when it is too long, or broken."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except RecursionError:
                raise BrokenJson(f"The JSON is nested too deep to be read, {self.place()}.") from None
            except ValueError:
                pass
            else:
                # A number at the end of the buffer may go on behind it.
                if end < len(self._buffer) or self._ended or isinstance(value, str | dict | list):
                    suspect = _SUSPECT.search(self._buffer, self._at, end)
                    self._at = end
                    return _storable(value) if suspect else value
            if self._ended or len(self._buffer) - self._at >= self._largest:
                return _CUT
            self._more()

    def _more(self) -> None:
        read = self._text.read(_CHUNK)
        self._ended = not read
        self._before += self._at
        self._buffer = self._buffer[self._at :] + read
        self._at = 0


def _storable(node: Any) -> Any:
    if isinstance(node, str):
        return _UNSTORABLE.sub("\ufffd", node)
    if isinstance(node, list):
        return [_storable(child) for child in node]
    if isinstance(node, dict):
        return {_storable(key): _storable(child) for key, child in node.items()}
    return node
