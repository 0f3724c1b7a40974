"""Downloads of release files: named, cached for good, answered with 304 or the part asked for."""

import re
from collections.abc import Iterator, Mapping
from typing import IO

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from campaigns.models import Release, ReleaseFile
from problems import Missing

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def file_response(
    release: Release, name: str, *, headers: Mapping[str, str] | None = None
) -> HttpResponseBase:
    """One file of a release; its SHA-256 is a strong ETag (RFC 9110 §8.8.3).

    `headers` of the request: `If-None-Match` is answered with 304, one `Range` of bytes with 206, one that
    lies outside with 416. Several ranges, or a range of another version (`If-Range`), get the whole file.
    """
    file = next((row for row in release.files.all() if row.name == name), None)
    if file is None or release.finished_at is None:
        raise Missing("The release has no file of this name.")
    asked = headers or {}
    response = _answer(file, asked)
    response["ETag"] = _etag(file)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if release.is_public else "private, no-cache"
    )
    return response


def _etag(file: ReleaseFile) -> str:
    return f'"{file.sha256}"'


def _answer(file: ReleaseFile, asked: Mapping[str, str]) -> HttpResponseBase:
    known = [tag.strip().removeprefix("W/") for tag in asked.get("If-None-Match", "").split(",")]
    if _etag(file) in known or "*" in known:
        return HttpResponse(status=304)
    span = _span(asked, file)
    if span is None:
        whole = FileResponse(
            default_storage.open(str(file.content.name), "rb"),
            as_attachment=True,
            filename=file.name,
            content_type=file.media_type,
        )
        whole["Content-Length"] = str(file.size)
        return whole
    first, last = span
    if first >= file.size or first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    part = StreamingHttpResponse(
        _part(default_storage.open(str(file.content.name), "rb"), first, last),
        status=206,
        content_type=file.media_type,
    )
    part["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    part["Content-Length"] = str(last - first + 1)
    part["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or ""
    return part


def _span(asked: Mapping[str, str], file: ReleaseFile) -> tuple[int, int] | None:
    """First and last byte of the one range asked for; None for the whole file (RFC 9110 §14.2)."""
    match = _RANGE.fullmatch(asked.get("Range", "").replace(" ", "")[:60])
    if match is None or match.group() == "bytes=-" or asked.get("If-Range", _etag(file)) != _etag(file):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        return (max(0, file.size - int(last)), file.size - 1) if int(last) else (file.size, file.size)
    return int(first), min(int(last), file.size - 1) if last else file.size - 1


def _part(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
