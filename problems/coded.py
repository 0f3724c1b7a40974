"""Errors of rooms below the requests: a stable code for machines, a sentence for people, the facts it names."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise


class CodedError(Exception):
    """`code` is stable; `str(error)` is one or two sentences in the active language.

    `facts` holds the values that the sentence names, so that it can be stored and told again later.
    """

    code: ClassVar[str]
    sentence: ClassVar[str | Promise]

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        return str(self.sentence) % self.facts
