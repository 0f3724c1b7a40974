"""Reads RDF from outside in a child process that cannot outgrow, outlast or look around.

The parsers of RDF are large and were not written against hostile input: some are quadratic, some nest without
end. The child has limits on memory, processor time and files, no environment, no network, and one message in
and one out. This module and `child` are the only ones of the package that touch the outside.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from taxonomy.skos.values import Findings, VocabularyValue, from_messages

_ROOT = Path(__file__).resolve().parents[2]
_START = "from taxonomy.skos.child import main; main()"
FORMATS = ("turtle", "rdfxml", "jsonld")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes in and out, memory in bytes, seconds of processor and of wall time."""

    input_bytes: int = 64 * 2**20
    output_bytes: int = 256 * 2**20
    memory_bytes: int = 3 * 2**30
    cpu_s: int = 120
    wall_s: float = 180.0


def read_turtle(data: bytes, *, scheme: str | None = None, base: str | None = None) -> VocabularyValue:
    """Read a Turtle file from outside; see `parse_safely`."""
    return parse_safely(data, rdf_format="turtle", scheme=scheme, base=base)


def parse_safely(
    data: bytes,
    *,
    rdf_format: str = "turtle",
    scheme: str | None = None,
    base: str | None = None,
    limits: Limits | None = None,
) -> VocabularyValue:
    """Read an RDF file in a limited child process, with the answer of `taxonomy.skos.rdf.parse_turtle`.

    `rdf_format` is one of FORMATS (ValueError otherwise). Whatever the file does, the answer is a value: its
    problems say when it was too large (`too-large`), took too long (`too-slow`), too much memory
    (`too-much-memory`) or ended the reader (`reader-died`).
    """
    if rdf_format not in FORMATS:
        raise ValueError(f"“{rdf_format}” is not one of {', '.join(FORMATS)}.")
    allowed = limits or Limits()
    if len(data) > allowed.input_bytes:
        return _failed(
            "too-large", f"The file has {len(data):,} bytes; at most {allowed.input_bytes:,} are read."
        )
    order = {"format": rdf_format, "scheme": scheme, "base": base, "limits": asdict(allowed)}
    return _ask(json.dumps(order).encode() + b"\n" + data, allowed)


class _Refused(Exception):
    """The child says why it has no answer, or its answer is too long: a code and a sentence."""


def _ask(message: bytes, limits: Limits) -> VocabularyValue:
    """Start the child, give it the message and take its answer line by line, however it ends."""
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and a constant
        [sys.executable, "-s", "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        close_fds=True,
        start_new_session=True,
    ) as process:
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            process.kill()

        timer = threading.Timer(limits.wall_s, stop)
        feeder = threading.Thread(target=_feed, args=(process.stdin, message), daemon=True)
        timer.start()
        feeder.start()
        try:
            return from_messages(_messages(_pipe(process.stdout), limits.output_bytes))
        except _Refused as refusal:
            return _failed(*refusal.args)
        except (KeyError, TypeError, ValueError):
            return _ended(process.wait(), limits, too_long=stopped.is_set())
        finally:
            timer.cancel()
            process.kill()
            feeder.join()


def _messages(stream: IO[bytes], most: int) -> Iterator[Any]:
    """What the child says, of `most` bytes together. Raises _Refused, and ValueError on what is no message."""
    while line := stream.readline(most + 1):
        most -= len(line)
        if most < 0:
            raise _Refused("too-large", "The vocabulary is too large to be imported in one piece.")
        message = orjson.loads(line)
        if isinstance(message, dict) and "fault" in message:
            raise _Refused(*message["fault"])
        yield message


def _ended(code: int, limits: Limits, *, too_long: bool) -> VocabularyValue:
    """Why a child ended before it had said everything."""
    if too_long:
        return _failed(
            "too-slow", f"Reading the file took more than {limits.wall_s:g} seconds and was stopped."
        )
    # SIGXCPU is 24; the kernel sends SIGKILL one second later to whoever ignores it.
    if code in (-24, -9):
        return _failed("too-slow", f"Reading the file took more than {limits.cpu_s} seconds and was stopped.")
    return _failed("reader-died", f"The reader ended without an answer (exit code {code}).")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("The child was started without a pipe.")
    return stream


def _feed(stream: IO[bytes], message: bytes) -> None:
    # A child that dies early breaks the pipe; its exit code tells the story.
    try:
        stream.write(message)
        stream.close()
    except OSError:
        return


def _failed(code: str, sentence: str) -> VocabularyValue:
    findings = Findings()
    findings.add("error", code, sentence)
    return VocabularyValue(uri=None, problems=findings.problems())
