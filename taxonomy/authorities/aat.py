"""The Art & Architecture Thesaurus of the Getty, by its reconciliation service.

https://www.getty.edu/research/tools/vocabularies/obtain/openrefine.html
"""

from taxonomy.authorities.reconciliation import AT_ONCE, matcher
from taxonomy.authorities.values import Authority, first_of

SPACE = "http://vocab.getty.edu/aat/"


def authority(endpoint: str = "https://services.getty.edu/vocab/reconcile/") -> Authority:
    match = matcher(lambda _language: endpoint, _uri, kind="/aat")
    return Authority(
        name="aat",
        label="Getty AAT",
        home="https://www.getty.edu/research/tools/vocabularies/aat/",
        licence="ODC-By 1.0",
        spaces=(SPACE, "https://vocab.getty.edu/aat/"),
        search=first_of(match),
        match=match,
        at_once=AT_ONCE,
    )


def _uri(given: str) -> str:
    """The service says `aat/300…`; what is of another vocabulary of the Getty is no candidate."""
    head, _, number = given.rpartition("/")
    return f"{SPACE}{number}" if head in {"aat", ""} and number.isascii() and number.isdigit() else ""
