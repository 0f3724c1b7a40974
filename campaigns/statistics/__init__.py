"""The tables by which a campaign is watched: one file each, one line here, computed from the rows and never kept."""

from campaigns.statistics import (
    agreement,
    certainty,
    concepts,
    coverage,
    disagreement,
    drop_out,
    hours,
    leases,
    origins,
    passed_over,
    people,
    places,
    slow_tasks,
    throughput,
)
from campaigns.statistics.table import Column, Kind, Row, Table

TABLES: dict[str, Table] = {
    module.TABLE.name: module.TABLE
    for module in (
        throughput,
        hours,
        coverage,
        places,
        leases,
        agreement,
        disagreement,
        concepts,
        origins,
        people,
        certainty,
        drop_out,
        slow_tasks,
        passed_over,
    )
}

__all__ = ["TABLES", "Column", "Kind", "Row", "Table"]
