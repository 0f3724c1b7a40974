"""Small documents to read and write, and what is asked of every reading."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotation.iiif import Problem, Reading, read

HERE = "https://example.org/manifest.json"


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


def read_all(folder: Path) -> dict[Path, Reading]:
    return {path: read(path.read_bytes(), url=HERE) for path in files(folder)}


def errors(reading: Reading) -> list[Problem]:
    return [problem for problem in reading.problems if problem.severity == "error"]


def astray(reading: Reading, document: Any) -> list[str]:
    """The pointers of problems that lead to nothing: of what is missing, the holder must be there."""
    return [problem.pointer for problem in reading.problems if not _leads(problem.pointer, document)]


def _leads(pointer: str, document: Any) -> bool:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    node = document
    for number, step in enumerate(steps, start=1):
        if isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        elif isinstance(node, dict) and step in node:
            node = node[step]
        else:
            return number == len(steps) and isinstance(node, dict)
    return True


def differences(said: Any, again: Any, at: str = "") -> Iterator[str]:
    """Where two values (of `asdict`) differ; what was not said at first may be said the second time."""
    if said == again or (not said and said is not False):
        return
    if isinstance(said, dict) and isinstance(again, dict):
        for key in said:
            yield from differences(said[key], again.get(key), f"{at}/{key}")
    elif isinstance(said, list | tuple) and isinstance(again, list | tuple) and len(said) == len(again):
        for index, (one, other) in enumerate(zip(said, again, strict=True)):
            yield from differences(one, other, f"{at}/{index}")
    else:
        yield f"{at}: {str(said)[:100]} → {str(again)[:100]}"


def canvas_3(**changes: Any) -> dict[str, Any]:
    uri = changes.pop("id", "https://example.org/c/1")
    body = changes.pop(
        "body", {"id": "https://example.org/i.jpg", "type": "Image", "width": 200, "height": 100}
    )
    target = changes.pop("target", uri)
    painting = {
        "id": f"{uri}/a",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": target,
    }
    page = {"id": f"{uri}/p", "type": "AnnotationPage", "items": [painting]}
    return {"id": uri, "type": "Canvas", "width": 400, "height": 200, "items": [page], **changes}


def manifest_3(*canvases: Any, **changes: Any) -> dict[str, Any]:
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": "https://example.org/m",
        "type": "Manifest",
        "label": {"en": ["A book"]},
        "items": list(canvases),
        **changes,
    }
