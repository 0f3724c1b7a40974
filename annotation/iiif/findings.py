"""Collects what is wrong in a document while it is read, so that reading never has to stop."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from annotation.iiif.shapes import identifier
from annotation.iiif.values import Problem, Severity

MAX_PROBLEMS = 2_000


class Findings:
    """The problems so far, the canvas being read, and the address of the document (to complete relative
    ones).
    """

    def __init__(self, url: str | None) -> None:
        self.url = url
        self.canvas: str | None = None
        self._services: dict[str, dict[str, Any]] = {}
        self._problems: list[Problem] = []
        self._more = 0
        self._wrapped: tuple[str, str] = ("", "")

    def wrap(self, inside: str, received: str) -> None:
        """From now on what is found at the pointer `inside` is said to be at `received`: a lone canvas is read
        within a manifest that the sender does not know.
        """
        self._wrapped = (inside, received)

    def know_services(self, services: list[Any]) -> None:
        """Keep the services that a manifest describes once, to be referred to (Presentation 3.0 §3.3)."""
        self._services = {
            name: service
            for service in services
            if isinstance(service, dict) and (name := identifier(service))
        }

    def whole_service(self, reference: dict[str, Any]) -> dict[str, Any]:
        """The service as the manifest describes it, where this is only its id and type."""
        described = self._services.get(identifier(reference) or "")
        return described if described and "service" not in reference else reference

    def warn(self, pointer: str, sentence: str) -> None:
        """Something is wrong, and nothing is lost by it."""
        self._add(pointer, sentence, "warning")

    def fail(self, pointer: str, sentence: str) -> None:
        """Something is wrong, and a canvas, an image or the like is lost by it."""
        self._add(pointer, sentence, "error")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order found; beyond MAX_PROBLEMS they are only counted."""
        if not self._more:
            return tuple(self._problems)
        rest = Problem(None, "", f"{self._more} more problems are not listed.", "warning")
        return (*self._problems, rest)

    def address(self, value: object, pointer: str) -> str | None:
        """An absolute http(s) address, completed from the document's own; None (and an error) for anything
        else.
        """
        if not isinstance(value, str) or not value.strip():
            self.fail(pointer, "The address is missing or not a string.")
            return None
        address = value.strip()
        try:
            scheme = urlsplit(address).scheme.lower()
            if not scheme and self.url:
                address = urljoin(self.url, address)
                scheme = urlsplit(address).scheme.lower()
                self.warn(
                    pointer, f"The address “{value[:200]}” is relative; it was completed from the document's."
                )
        except ValueError:
            scheme = ""
        if scheme not in ("http", "https"):
            self.fail(pointer, f"“{value[:200]}” is not an HTTP(S) address.")
            return None
        return address

    def link(self, value: object, pointer: str) -> str | None:
        """Like `address`, for what the manifest can do without: anything else is a warning, and left out."""
        if not isinstance(value, str) or not value.strip():
            self.warn(pointer, "The link has no address; it is left out.")
            return None
        link = value.strip()
        try:
            complete = urljoin(self.url, link) if self.url else link
            scheme = urlsplit(complete).scheme.lower()
        except ValueError:
            scheme = ""
        if scheme not in ("http", "https") or any(character.isspace() for character in link):
            self.warn(pointer, f"“{value[:200]}” is not an HTTP(S) address; the link is left out.")
            return None
        if link[:4].lower() != "http":
            self.warn(
                pointer, f"The address “{value[:200]}” is relative; it was completed from the document's."
            )
            return complete
        return link

    def identity(self, value: object, pointer: str) -> str | None:
        """A URI that names something; unlike an address it may be of any scheme, or even relative (an error
        then).
        """
        if not isinstance(value, str) or not value.strip():
            self.fail(pointer, "The identifier is missing or not a string.")
            return None
        uri = value.strip()
        try:
            scheme = urlsplit(uri).scheme
            complete = uri if scheme or not self.url else urljoin(self.url, uri)
        except ValueError:
            scheme, complete = "", uri
        if scheme in ("http", "https"):
            return uri
        self.warn(pointer, f"The identifier “{uri[:200]}” is not an HTTP(S) URI.")
        return complete

    def _add(self, pointer: str, sentence: str, severity: Severity) -> None:
        inside, received = self._wrapped
        if inside and (pointer == inside or pointer.startswith(f"{inside}/")):
            pointer = received + pointer[len(inside) :]
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(Problem(self.canvas, pointer, sentence, severity))
        else:
            self._more += 1
