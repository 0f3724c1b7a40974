"""Makes an annotation from outside ready to be kept: W3C, mended where its meaning is plain, stated for machines."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from annotation.webanno.agents import Pseudonym, may_hold_addresses, without_addresses
from annotation.webanno.dumps import Found
from annotation.webanno.modelresults import structured
from annotation.webanno.openannotation import from_oa, is_oa
from annotation.webanno.reading import read
from annotation.webanno.terms import as_list
from annotation.webanno.values import Body, Problem, Reading

MAX_DEPTH = 60

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
# The members of Open Annotation that the W3C form calls otherwise.
_OLD_NAMES = {"/target": "/on", "/body": "/resource", "/id": "/@id", "/type": "/@type"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An annotation read and made ready.

    `name` tells it apart within its layer: its own id, or a digest of the document where it has none that is
    good beyond its page. `found` is what was received, with pseudonyms where they were asked for. `addresses`
    are the e-mail addresses that pseudonyms stand for.
    """

    found: Found
    name: str
    reading: Reading
    addresses: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Why it cannot be kept; pointers lead into the document as received."""
        names = _OLD_NAMES if is_oa(self.found.document) else {}
        return tuple(
            replace(problem, pointer=_renamed(problem.pointer, names))
            for problem in self.reading.problems
            if problem.severity == "error"
        )


def prepare(found: Found, *, pseudonym: Pseudonym | None = None) -> Prepared:
    """Read an annotation that was found in a file or page; what is wrong stands in its errors.

    An annotation without a target is about the canvas it was filed under. Its own id is kept as `via`,
    because it gets another here; an id that is no IRI (a blank node) says nothing beyond its page. An agent
    that is a plain word becomes one with that name. With `pseudonym` no e-mail address of an agent is kept.
    """
    if _is_deep(found.document):
        return _refused(found, f"The annotation is nested more than {MAX_DEPTH} levels deep.")
    try:
        text = json.dumps(found.document, sort_keys=True, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return _refused(found, "The annotation contains a number that is not finite.")
    addresses: set[str] = set()
    if pseudonym and may_hold_addresses(text):
        document, addresses = without_addresses(found.document, pseudonym)
        found = replace(found, document=document)
    modern = _mended(_w3c(found))
    name = modern.get("id") or f"sha256:{sha256(text.encode('utf-8', 'replace')).hexdigest()}"
    return Prepared(found, name, _stated(read(modern)), frozenset(addresses))


def _refused(found: Found, sentence: str) -> Prepared:
    nothing = Reading(None, (), (), (), None, None, None, {}, problems=(Problem("", sentence),))
    return Prepared(found, "", nothing)


def _is_deep(node: Any) -> bool:
    level = [node]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, Mapping) else parent)
            if isinstance(child, Mapping | list)
        ]
        if not level:
            return False
    return True


def _w3c(found: Found) -> dict[str, Any]:
    document = found.document
    if not is_oa(document) and "resource" in document and "body" not in document:
        document = {**document, "@type": "oa:Annotation"}
    if is_oa(document):
        filed = {"on": found.canvas} if found.canvas and not document.get("on") else {}
        return from_oa({**document, **filed})
    filed = {"target": found.canvas} if found.canvas and not document.get("target") else {}
    return {**document, **filed}


def _mended(document: dict[str, Any]) -> dict[str, Any]:
    said = document.get("id")
    if isinstance(said, str) and _IRI.fullmatch(said):
        via = as_list(document.get("via"))
        if said not in via:
            document["via"] = [*via, said] if via else said
    elif "id" in document:
        del document["id"]
    for key in ("creator", "generator"):
        if key in document:
            agents = [_named(agent) for agent in as_list(document[key])]
            document[key] = agents if isinstance(document[key], list) else agents[0]
    return document


def _named(agent: Any) -> Any:
    if isinstance(agent, str) and not _IRI.fullmatch(agent):
        return {"name": agent}
    if isinstance(agent, dict) and isinstance(agent.get("id"), str) and not _IRI.fullmatch(agent["id"]):
        return {"name": agent["id"], **{key: value for key, value in agent.items() if key != "id"}}
    return agent


def _stated(reading: Reading) -> Reading:
    """The same with model results, scope notes and URIs of tags said for machines."""
    document = structured(reading.document, reading.model_results)
    if len(as_list(document.get("body"))) == len(as_list(reading.document.get("body"))):
        return reading
    known = set(reading.concepts)
    added = [
        Body("concept", uri=node["source"], purpose="classifying")
        for node in as_list(document["body"])
        if isinstance(node, dict) and node.get("purpose") == "classifying"
        if isinstance(node.get("source"), str) and node["source"] not in known
    ]
    return replace(reading, document=document, bodies=(*reading.bodies, *added))


def _renamed(pointer: str, names: Mapping[str, str]) -> str:
    first, slash, rest = pointer[1:].partition("/")
    return names.get(f"/{first}", f"/{first}") + slash + rest if pointer else ""
