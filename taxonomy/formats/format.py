"""What a format of vocabularies is: its names, how it is told from others, how it is read and written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from taxonomy.skos import VocabularyValue

# Bytes and the address below which concepts without one get theirs.
Read = Callable[[bytes, str], VocabularyValue]
# A vocabulary and the language of the names where the format has room for one.
Write = Callable[[VocabularyValue, str], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a vocabulary down.

    `endings` are those of file names that only this format has, or whole names; `recognises` looks at the
    beginning of a text whose name does not tell. `is_complete` says that what such a file does not say of a
    concept is not so; of other formats, what they never speak of is left as it is.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    read: Read | None = None
    write: Write | None = None
    endings: tuple[str, ...] = ()
    recognises: Callable[[str], bool] | None = None
    is_complete: bool = False
    is_negotiated: bool = False
