"""`__in` with a list as one array: one value and one prepared statement, however long the list is."""

from typing import Any

from django.db.models import Field, ForeignObject
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

ANY = "ANY(%s)"


class _AsArray(In):
    """Replaces `IN (a, b, …)`, whose every element is a parameter, of which a statement can carry 65,535."""

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[Any, Any]:
        sql, values = super().process_rhs(compiler, connection)
        if not self.rhs_is_direct_value() or len(values) < 2:
            return sql, values
        plain = sql == "(" + ", ".join(["%s"] * len(values)) + ")"  # not where an expression is among them
        return (ANY, (list(values),)) if plain else (sql, values)

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"= {rhs}" if rhs == ANY else super().get_rhs_op(connection, rhs)


class InArray(_AsArray):
    lookup_name = "in"


class RelatedInArray(RelatedIn, _AsArray):
    lookup_name = "in"


def register() -> None:
    """Take the place of Django's own lookups on every field."""
    Field.register_lookup(InArray)
    ForeignObject.register_lookup(RelatedInArray)
