"""Reads JSON of which only a little is wanted, and says where it is broken."""

import json
from typing import Any

from taxonomy.skos.csv_rows import decoded
from taxonomy.skos.values import Findings


def json_of(data: bytes, findings: Findings) -> tuple[Any, str]:
    """The document and its text; None and an error among the findings when it is no JSON."""
    text = decoded(data, findings)
    try:
        return json.loads(text), text
    except (ValueError, RecursionError) as fault:
        line = getattr(fault, "lineno", None)
        reason = getattr(fault, "msg", "it nests too deeply")
        findings.add("error", "syntax", f"The file is not valid JSON: {reason}.", line=line)
        return None, text


def say_unexpected(findings: Findings, wanted: str) -> None:
    """Report a document that is JSON, but not of this format."""
    findings.add("error", "unexpected", f"The file is JSON, but it has no {wanted}.")
