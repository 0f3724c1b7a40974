"""Says which images of a manifest wait behind a login of their institution, in a line that people can act on."""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from annotation.iiif import AuthValue
from annotation.models import Manifest


def hosts_asking(logins: Iterable[AuthValue | None]) -> Counter[str]:
    """The hosts that ask for a login → how many of the canvases are behind it."""
    return Counter(host_of(auth) for auth in logins if auth is not None)


def host_of(auth: AuthValue) -> str:
    """Where one signs in; where there is no page to sign in, where the token comes from."""
    return urlsplit(auth.access[0].url or auth.access[0].token).netloc


def sentences(hosts: Counter[str]) -> Iterator[str]:
    """One for each host, for the report of an import."""
    for host, count in sorted(hosts.items()):
        canvases = "1 canvas of this source asks" if count == 1 else f"{count} canvases of this source ask"
        yield f"{canvases} for a login at {host}. People see these images once they have signed in there."


def logins_of(manifest: Manifest) -> list[tuple[str, int]]:
    """The same of a manifest that was imported, from its rows, the most frequent host first."""
    kept = manifest.canvases.filter(extra__has_key="auth").values_list("extra__auth__access__0", flat=True)
    hosts = Counter(urlsplit(access["url"] or access["token"]).netloc for access in kept)
    return hosts.most_common()
