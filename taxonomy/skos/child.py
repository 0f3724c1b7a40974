"""The limited process in which RDF from outside is read; started by `taxonomy.skos.sandbox` only."""

import gc
import json
import os
import resource
import sys
from typing import Any

import orjson

from taxonomy.skos.rdf import PARSERS, RELATIVE, parse_turtle
from taxonomy.skos.values import to_messages

_FORBIDDEN = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "ctypes."),
    *("urllib.", "http.", "ftplib.", "shutil.", "os.remove", "os.rename", "os.mkdir", "os.chmod"),
)


def main() -> None:
    """Read one order and one file from standard input, write one answer to standard output."""
    # rdflib finds its parsers on first use; afterwards no file needs to be opened but its own modules.
    samples = {"turtle": b"<a:a> <a:b> 1 .", "rdfxml": b"<not xml", "jsonld": b'{"@id": "a:a", "a:b": 1}'}
    for rdf_format, sample in samples.items():
        PARSERS[rdf_format](sample)
    order: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    _limit(order["limits"])
    sys.addaudithook(_refuse)
    # A file becomes millions of small objects without a ring among them: to search these for rings over and over
    # takes longer than to parse. The process has a limit on memory, and ends with its answer.
    gc.disable()
    _answer(order, sys.stdin.buffer.read())


def _answer(order: dict[str, Any], data: bytes) -> None:
    try:
        parse = PARSERS.get(order["format"], parse_turtle)
        for message in to_messages(parse(data, scheme=order["scheme"], base=order["base"] or RELATIVE)):
            _say(message)
    except MemoryError:
        _say({"fault": ["too-much-memory", "Reading the file needs more memory than is allowed."]})
    except PermissionError as fault:
        _say({"fault": ["refused", f"The file made the reader ask for something else: {fault}"]})
    sys.stdout.buffer.flush()
    # What the answer says is out; tearing down a million objects would only cost time.
    os._exit(0)


def _say(message: object) -> None:
    """A message a line, so that neither side holds the whole answer."""
    sys.stdout.buffer.write(orjson.dumps(message) + b"\n")


def _limit(limits: dict[str, Any]) -> None:
    for name, amount in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        _, hard = resource.getrlimit(name)
        most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(name, (most, most))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: no network, no process, no file but Python's own modules for reading (PEP 578)."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not allowed here")
    if event == "open":
        path, mode = arguments[0], arguments[1]
        is_module = isinstance(path, str) and path.startswith((sys.prefix, sys.base_prefix))
        if not is_module or (isinstance(mode, str) and mode not in ("r", "rb")):
            raise PermissionError(f"opening {path} is not allowed here")


if __name__ == "__main__":
    main()
