"""Authorities on loopback: invented concepts in the documented shapes, and every way in which a server misbehaves.

Shapes: wbsearchentities (https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities), GBIF
(https://techdocs.gbif.org/en/openapi/v1/species), the Reconciliation Service API 0.2 and its 1.0 draft
(https://reconciliation-api.github.io/specs/), Iconclass (https://iconclass.org/docs).
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ENTITY = "http://www.wikidata.org/entity/"


def wikidata(said: dict[str, str]) -> object:
    found = [
        {
            "id": f"Q90{place}", "title": f"Q90{place}", "pageid": place, "repository": "wikidata",
            "concepturi": f"{ENTITY}Q90{place}", "url": f"//www.wikidata.org/wiki/Q90{place}",
            "display": {
                "label": {"value": said["search"], "language": said["language"]},
                "description": {"value": f"sign of pitch, no. {place}", "language": said["language"]},
            },
            "label": said["search"], "description": f"sign of pitch, no. {place}",
            "match": {"type": "label", "language": said["language"], "text": said["search"]},
        }
        for place in range(3)
    ]  # fmt: skip
    return {"searchinfo": {"search": said["search"]}, "search": found, "success": 1}


TAXON = {
    "key": 9001, "nameKey": 1, "kingdom": "Plantae", "order": "Invented", "family": "Inventaceae",
    "genus": "Inventus", "parent": "Inventus", "parentKey": 9000, "scientificName": "Inventus musicus L.",
    "canonicalName": "Inventus musicus", "rank": "SPECIES", "status": "ACCEPTED", "synonym": False,
}  # fmt: skip
MATCHED = {
    **{key: value for key, value in TAXON.items() if key != "key"}, "usageKey": 9001, "confidence": 97,
    "matchType": "EXACT", "alternatives": [{**TAXON, "key": 0, "usageKey": 9002, "confidence": 60}],
}  # fmt: skip


def reconciled(said: dict[str, str], identifier: str) -> object:
    """The answer of a service of version 0.2 to the form's `queries`."""
    queries = json.loads(said["queries"])
    return {
        key: {
            "result": [
                {
                    "id": identifier % place, "name": query["query"] if not place else "another clef",
                    "description": "a sign at the head of a staff", "score": 98.5 - 20 * place,
                    "match": not place, "type": [{"id": "T1", "name": "signs"}],
                }
                for place in range(2)
            ]
        }
        for key, query in queries.items()
    }  # fmt: skip


MANIFEST = {
    "versions": ["0.2"], "name": "Terms of Nowhere", "identifierSpace": "https://terms.example/id/",
    "schemaSpace": "https://terms.example/schema/", "view": {"url": "https://terms.example/{{id}}"},
}  # fmt: skip
ICONCLASS = [
    {
        "n": notation, "p": ["4", "48", "48C", notation], "c": [],
        "txt": {"en": "lute, and other plucked instruments", "fr": "luth"}, "kw": {"en": ["lute", "music"]},
    }
    for notation in ("48C7321", "48C7321(+3)")
]  # fmt: skip


class Fake(ThreadingHTTPServer):
    """All authorities below one address; `mood` makes it slow, busy, chatty in HTML, broken or empty."""

    daemon_threads = True

    def __init__(self) -> None:
        self.mood = ""
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.authority}"

    def answer(self, path: str, said: dict[str, str], document: Any) -> object:
        match path:
            case "/w/api.php":
                return wikidata(said)
            case "/v1/species/suggest":
                return [TAXON] if said["q"].startswith("Inv") else []
            case "/v1/species/search":
                return {"offset": 0, "limit": 10, "endOfRecords": True, "results": [{**TAXON, "key": 9003}]}
            case "/v1/species/match":
                known = said["name"].startswith("Inv")
                return MATCHED if known else {"confidence": 100, "matchType": "NONE", "synonym": False}
            case "/aat/":
                return reconciled(said, "aat/30090%d")
            case "/gnd/":
                return reconciled(said, "90%d-2")
            case "/api/search":
                return {"result": [one["n"] for one in ICONCLASS], "total": 2}
            case "/json":
                return {"result": ICONCLASS}
            case "/any":
                return reconciled(said, "t%d") if "queries" in said else MANIFEST
            case "/draft":
                return {**MANIFEST, "versions": ["1.0-draft"]}
            case "/draft/match":
                names = [query["conditions"][0]["propertyValue"] for query in document["queries"]]
                return {
                    "results": [{"candidates": [{"id": "d1", "name": name, "score": 7}]} for name in names]
                }
            case _ if path.endswith("/api"):
                return reconciled(said, "Q80%d")
        raise KeyError(path)


class _Handler(BaseHTTPRequestHandler):
    server: Fake

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        is_form = "urlencoded" in self.headers.get("Content-Type", "")
        query = parse_qs(body.decode() if is_form else parts.query)
        said = {name: values[-1] for name, values in query.items()}
        document = json.loads(body) if body and not is_form else None
        path = unquote(parts.path)
        self.server.asked.append((self.command, path, said, self.headers.get("Accept-Language", "")))
        with suppress(OSError):
            self._say(path, said, document)

    def _say(self, path: str, said: dict[str, str], document: Any) -> None:
        mood = self.server.mood
        if mood == "slow":
            self.server.released.wait(20)
        if mood == "busy":
            return self._send(429, b"{}", "application/json", ("Retry-After", "40"))
        if mood == "html":
            return self._send(200, b"<!doctype html><title>Please log in</title>", "text/html")
        if mood == "broken":
            return self._send(200, b'{"q0": {"result": [', "application/json")
        if mood == "empty":
            return self._send(200, b"", "application/json")
        answer = {"something": "else"} if mood == "other" else self.server.answer(path, said, document)
        return self._send(200, json.dumps(answer).encode(), "application/json")

    def _send(self, status: int, body: bytes, media_type: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", media_type), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Fake]:
    server = Fake()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
