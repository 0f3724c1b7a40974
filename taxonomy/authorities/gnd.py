"""The Gemeinsame Normdatei of the German-speaking libraries, by the reconciliation service of lobid.

https://lobid.org/gnd/reconcile and https://blog.lobid.org/2018/08/27/openrefine.html
"""

from urllib.parse import quote

from taxonomy.authorities.reconciliation import AT_ONCE, matcher
from taxonomy.authorities.values import Authority, first_of

SPACE = "https://d-nb.info/gnd/"


def authority(endpoint: str = "https://lobid.org/gnd/reconcile/") -> Authority:
    match = matcher(lambda _language: endpoint, _uri)
    return Authority(
        name="gnd",
        label="GND",
        home="https://lobid.org/gnd",
        licence="CC0 1.0",
        spaces=(SPACE, "http://d-nb.info/gnd/"),
        search=first_of(match),
        match=match,
        at_once=AT_ONCE,
    )


def _uri(given: str) -> str:
    return given if given.startswith(SPACE) else SPACE + quote(given, safe="-")
