"""Formats in which vocabularies come and go; each is a sibling file and a line of the registry."""

from taxonomy.formats.format import Format
from taxonomy.formats.registry import FORMATS, READABLE, WRITABLE, recognised

__all__ = ["FORMATS", "READABLE", "WRITABLE", "Format", "recognised"]
