"""Make, change and delete the groupings of a vocabulary."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from problems import Invalid
from taxonomy import grouping
from taxonomy.models import Concept, Grouping, Vocabulary
from taxonomy.permissions import require_manager
from taxonomy.queries import tree_of

RULES = ("chosen", "depth", "at-least")


def classes_by(vocabulary: Vocabulary, rule: Mapping[str, Any], counts: Mapping[UUID, int]) -> list[UUID]:
    """The concepts that a rule makes classes of; one query. `counts` are annotations a concept, for `at-least`.

    `{"kind": "chosen", "concepts": [ids]}`, `{"kind": "depth", "depth": 2}` or
    `{"kind": "at-least", "least": 100}`. Raises `Invalid`.
    """
    tree = tree_of(vocabulary)
    match rule:
        case {"kind": "chosen", "concepts": list(concepts)}:
            known = [UUID(str(one)) for one in concepts if _is_uuid(one)]
            if len(known) < len(concepts) or any(one not in tree for one in known):
                raise Invalid("A class is none of this vocabulary.", pointer="/rule/concepts", code="unknown")
            return grouping.chosen(tree, known)
        case {"kind": "depth", "depth": int(depth)} if 0 <= depth <= 100:
            return grouping.at_depth(tree, depth)
        case {"kind": "at-least", "least": int(least)} if least >= 1:
            return grouping.at_least(tree, counts, least)
    raise Invalid(
        "Say how classes are found: chosen with concepts, depth with a number, or at-least with a number.",
        pointer="/rule",
        code="unknown-rule",
    )


def save_grouping(
    vocabulary: Vocabulary, *, title: Mapping[str, str], rule: Mapping[str, Any], classes: Sequence[UUID],
    by: User, existing: Grouping | None = None,
) -> Grouping:  # fmt: skip
    """Keep these classes under a title; releases and reports that used an earlier state name what they used."""
    require_manager(vocabulary, by)
    titles = {language: text.strip() for language, text in title.items() if text.strip()}
    if not titles:
        raise Invalid("Give the grouping a title.", pointer="/title", code="blank")
    rows = list(Concept.objects.filter(vocabulary=vocabulary, pk__in=classes))
    if not rows or len(rows) < len(set(classes)):
        raise Invalid("A grouping has at least one class, each of this vocabulary.", code="unknown")
    with transaction.atomic():
        row = existing or Grouping(vocabulary=vocabulary, created_by=by)
        row.title, row.rule = titles, {key: rule[key] for key in ("kind", "depth", "least") if key in rule}
        row.save()
        row.classes.set(rows)
    return row


def delete_grouping(row: Grouping, *, by: User) -> None:
    """Delete a grouping; what was computed with it keeps the classes it used."""
    require_manager(row.vocabulary, by)
    row.delete()


def _is_uuid(text: object) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
