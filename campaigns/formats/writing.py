"""Small pieces that several formats need to stream JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

_CHUNK = 64 * 1024


def dump(value: Any) -> str:
    """Compact JSON with its letters as they are; NaN is refused, since JSON has none."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def joined(values: Iterable[Any]) -> Iterator[str]:
    """The members of a JSON array, each on its own line."""
    for index, value in enumerate(values):
        yield (",\n" if index else "\n") + dump(value)


def encoded(parts: Iterable[str]) -> Iterator[bytes]:
    """UTF-8 in pieces of about 64 kB, so that many small lines are not many small writes."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting).encode()


def number(value: float) -> float | int:
    """A whole float as an integer: `1200`, not `1200.0`."""
    return int(value) if float(value).is_integer() else value
