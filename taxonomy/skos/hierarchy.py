"""Makes the links between concepts sound: no cycles, no loose ends, symmetric where SKOS says so."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from taxonomy.skos.values import Findings

Links = dict[str, list[str]]


def without_cycles(
    broader: Mapping[str, Sequence[str]], *, tops: Collection[str] = ()
) -> tuple[Links, list[tuple[str, str]]]:
    """Return the broader links with every cycle opened, and the (child, parent) links that were cut.

    Goes down from the concepts without parents, then from those in `tops`, then from the rest in order;
    a link back to a concept on the way down is the one cut, so a concept that can be reached from a root
    keeps a way to it. Linear in the number of links.
    """
    children: Links = {}
    for child, parents in broader.items():
        for parent in parents:
            children.setdefault(parent, []).append(child)
    starts = [uri for uri, parents in broader.items() if not parents]
    starts += [uri for uri in tops if uri in broader]
    starts += broader
    cut = _back_links(starts, children)
    gone = set(cut)
    kept = {child: [p for p in parents if (child, p) not in gone] for child, parents in broader.items()}
    return kept, cut


def _back_links(starts: Iterable[str], children: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    finished: set[str] = set()
    for start in starts:
        if start in finished:
            continue
        on_path = {start}
        stack = [(start, iter(children.get(start, ())))]
        while stack:
            parent, remaining = stack[-1]
            child = next(remaining, None)
            if child is None:
                stack.pop()
                on_path.discard(parent)
                finished.add(parent)
            elif child in on_path:
                found.append((child, parent))
            elif child not in finished:
                on_path.add(child)
                stack.append((child, iter(children.get(child, ()))))
    return found


def opened(
    broader: Mapping[str, Sequence[str]],
    findings: Findings,
    *,
    tops: Collection[str] = (),
    names: Mapping[str, str] | None = None,
) -> Links:
    """Return `broader` without cycles, each cut link reported under the readable `names` of its ends."""
    kept, cut = without_cycles(broader, tops=tops)
    shown = names or {}
    for child, parent in cut:
        if child == parent:
            sentence = f"“{shown.get(child, child)}” is its own parent; the link was dropped."
        else:
            sentence = (
                f"“{shown.get(child, child)}” is both above and below “{shown.get(parent, parent)}”; "
                f"the link that puts it below was dropped."
            )
        findings.add("warning", "cycle", sentence, subject=child)
    return kept


def symmetric(links: Mapping[str, Iterable[str]]) -> Links:
    """Return the links with the way back added to each (`skos:related` is symmetric: SKOS §8.3, S23)."""
    both: dict[str, dict[str, None]] = {uri: dict.fromkeys(targets) for uri, targets in links.items()}
    for uri, targets in links.items():
        for target in targets:
            both.setdefault(target, {})[uri] = None
    return {uri: [target for target in targets if target != uri] for uri, targets in both.items()}
