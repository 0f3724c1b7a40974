"""Groups of what several people drew are as good as is promised, beside the best of all ways to group them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality import grouping
from campaigns.quality.overlapping import paired_iou

drawing = st.tuples(
    st.integers(0, 8), st.integers(0, 4), st.integers(4, 9), st.integers(4, 6), st.integers(0, 3)
)
crowds = st.lists(drawing, min_size=2, max_size=8, unique=True)


def likeness_of(boxes, person, threshold):
    i, j = (one.ravel() for one in np.indices((len(boxes), len(boxes))))
    table = paired_iou(boxes[i], boxes[j]).reshape(len(boxes), -1)
    may = (person[:, None] != person[None]) & (table >= threshold)
    return np.where(may, table, -1.0)


def within(groups, likeness):
    same = (groups[:, None] == groups[None]) & ~np.eye(len(groups), dtype=bool)
    assert (likeness[same] >= 0).all()
    return likeness[same].sum() / 2


def best_of_all(likeness):
    """Every way to part the shapes, one after the other."""

    def parted(row, groups):
        if row == len(likeness):
            return 0.0
        found = parted(row + 1, [*groups, [row]])
        for place, group in enumerate(groups):
            gain = likeness[row, group]
            if (gain >= 0).all():
                more = [*groups[:place], [*group, row], *groups[place + 1 :]]
                found = max(found, gain.sum() + parted(row + 1, more))
        return found

    return parted(0, [])


@given(crowds, st.sampled_from([0.2, 0.4, 0.6]))
@settings(max_examples=80, deadline=None)
def test_complete_link_alone_keeps_its_bound(crowd, threshold):
    """At least 1 / 2(P − 1) of the best."""
    table = np.array(crowd, dtype=float)
    boxes, person = table[:, :4], table[:, 4].astype(int)
    likeness = likeness_of(boxes, person, threshold)
    nothing = np.zeros(len(boxes), dtype=np.int64)
    groups = np.zeros(len(boxes), dtype=np.int64)
    for number, members in enumerate(grouping._agglomerate(likeness, np.arange(len(boxes)), nothing)):
        groups[members] = number
    people = len(set(person.tolist()))
    assert 2 * max(people - 1, 1) * within(groups, likeness) >= best_of_all(likeness) - 1e-6
