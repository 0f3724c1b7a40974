"""Any service that speaks the W3C Reconciliation Service API, 0.2 (final report of 2023-04-10) or 1.0-draft."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from taxonomy.authorities import answers
from taxonomy.authorities.values import (
    Authority,
    Candidate,
    Match,
    Question,
    Request,
    Unusable,
    first_of,
)

AT_ONCE = 10
ToUri = Callable[[str], str]


def matcher(
    endpoint: Callable[[str], str], to_uri: ToUri, *, kind: str = ""
) -> Callable[[Sequence[Question]], Match]:
    """A `match` at a known service of version 0.2; `endpoint` makes its address for a language."""

    def match(questions: Sequence[Question]) -> Match:
        answer = yield asked(endpoint(questions[0].language), questions, kind=kind)
        return found(answer, questions, to_uri)

    return match


def asked(endpoint: str, questions: Sequence[Question], *, kind: str = "") -> Request:
    """A batch of queries (0.2, section 4.3): a form whose field `queries` holds JSON."""
    queries = {
        f"q{place}": {"query": one.text, "limit": one.limit, **({"type": kind} if kind else {})}
        for place, one in enumerate(questions)
    }
    said = json.dumps(queries, ensure_ascii=False)
    return Request(endpoint, language=questions[0].language, form={"queries": said})


def found(answer: object, questions: Sequence[Question], to_uri: ToUri) -> list[list[Candidate]]:
    """The candidates of each query (0.2, section 4.2); a query that the service leaves out has none."""
    by_key = answers.mapping(answer)
    keys = [f"q{place}" for place in range(len(questions))]
    if not any(key in by_key for key in keys):
        raise Unusable(_complaint(by_key))
    return [_candidates(by_key.get(key, {"result": []}), "result", to_uri) for key in keys]


def asked_draft(endpoint: str, questions: Sequence[Question]) -> Request:
    """A batch of queries as the 1.0 draft has it: JSON, with the name as a condition."""
    queries = [
        {"limit": one.limit, "conditions": [{"matchType": "name", "propertyValue": one.text}]}
        for one in questions
    ]
    url = f"{endpoint.rstrip('/')}/match"
    return Request(url, language=questions[0].language, document={"queries": queries})


def found_draft(answer: object, questions: Sequence[Question], to_uri: ToUri) -> list[list[Candidate]]:
    """The candidates of each query of the 1.0 draft, in the order of the queries."""
    results = answers.inside(answer, "results")
    if not isinstance(results, list) or len(results) != len(questions):
        raise Unusable(_complaint(answers.mapping(answer)))
    return [_candidates(result, "candidates", to_uri) for result in results]


def _candidates(result: object, key: str, to_uri: ToUri) -> list[Candidate]:
    return answers.usable(
        answers.sequence(answers.inside(result, key)), lambda item: _candidate(item, to_uri)
    )


def _candidate(item: Mapping[str, Any], to_uri: ToUri) -> Candidate | None:
    given = answers.text(item.get("id"), longest=500)
    uri = answers.web_address(to_uri(given)) if given else ""
    name = answers.label(item.get("name"))
    if not uri or not name:
        return None
    return Candidate(
        uri=uri,
        label=name,
        description=answers.text(item.get("description")),
        score=answers.number(item.get("score")),
        type=_types(item.get("type")),
    )


def _types(value: object) -> str:
    """The names of a candidate's types; older services send their ids alone."""
    given = value if isinstance(value, list) else [value]
    names = [answers.text(one.get("name") if isinstance(one, dict) else one) for one in given]
    return answers.label(", ".join(name for name in names if name))


def _complaint(answer: Mapping[str, Any]) -> str:
    """What a service says of itself when it fails: `message`, `details` or `error`, with status 200."""
    for key in ("message", "details", "error"):
        if words := answers.label(answer.get(key)):
            return words
    return ""


def _space(manifest: Mapping[str, Any]) -> ToUri:
    """How ids become URIs: as they are, in the identifier space, or by the view's template (0.2, section 3.1)."""
    space = answers.web_address(manifest.get("identifierSpace"))
    view = answers.text(answers.inside(manifest, "view", "url"))

    def to_uri(given: str) -> str:
        if answers.web_address(given):
            return given
        named = quote(given, safe="/:@!$&'()*+,;=~")
        if space:
            return f"{space}{'' if space.endswith(('/', '#', '=')) else '/'}{named}"
        return view.replace("{{id}}", named).replace("{id}", named) if view else ""

    return to_uri


def service(name: str, label: str, endpoint: str) -> Authority:
    """A service that somebody has configured: its manifest tells the version it speaks and its identifiers."""

    def match(questions: Sequence[Question]) -> Match:
        manifest = answers.mapping((yield Request(endpoint, language=questions[0].language)))
        versions = manifest.get("versions")
        known = [str(one) for one in versions] if isinstance(versions, list) else []
        # What does not say its version speaks 0.1, which is asked as 0.2 is (0.2, section 3.1).
        if known and not any(one.startswith("0.") for one in known):
            answer = yield asked_draft(endpoint, questions)
            return found_draft(answer, questions, _space(manifest))
        answer = yield asked(endpoint, questions)
        return found(answer, questions, _space(manifest))

    return Authority(
        name=name, label=label, home=endpoint, licence="", search=first_of(match), match=match, at_once=AT_ONCE
    )  # fmt: skip
