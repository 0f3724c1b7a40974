"""Counts accepted work: what stands after the decision, or agrees with most others; never what was merely handed in.

An item is a mark, a label of a whole image, or that an image is rightly said to be empty. Where a task is decided an
item is accepted if the decision kept it, with a concept that the person gave where the label was corrected; where
enough people have answered and nobody has decided yet, if more than half of those who saw the task gave it. Known
answers and work that does not count are left out. A text is accepted where it stands as it was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from campaigns.models import Campaign, Participant, Team

KEEP_S = 60

_ACCEPTED = """
SELECT said.participant_id, count(*) FROM (
  SELECT c.participant_id
    FROM campaigns_task t
    JOIN campaigns_contribution c ON c.task_id = t.id AND c.counts
    JOIN campaigns_contributionshape shape ON shape.contribution_id = c.id
    JOIN campaigns_consensusmember member ON member.annotation_id = shape.annotation_id
    JOIN campaigns_consensusitem item ON item.id = member.item_id
    JOIN annotation_annotation merged ON merged.id = item.annotation_id
    LEFT JOIN campaigns_decision d
      ON d.task_id = t.id AND d.superseded_at IS NULL
     AND CASE WHEN d.verdict IN ('merged', 'split')
              THEN jsonb_exists(d.details->'members', shape.annotation_id::text)
              ELSE d.judged_id = item.annotation_id END
   WHERE t.campaign_id = %(campaign)s
     AND CASE t.state
         WHEN 'decided' THEN d.verdict = 'accepted' OR (d.verdict IN ('corrected', 'merged', 'split') AND (EXISTS (
              SELECT 1 FROM annotation_annotationconcept mine
                JOIN annotation_annotationconcept truth ON truth.concept_id = mine.concept_id
               WHERE mine.annotation_id = shape.annotation_id AND truth.annotation_id = d.result_id)
              OR (%(writes)s AND EXISTS (
              SELECT 1 FROM annotation_annotation mine
                JOIN annotation_annotation truth ON truth.words = mine.words
               WHERE mine.id = shape.annotation_id AND truth.id = d.result_id))))
         -- a text that nobody agrees on has neither words, nor votes, nor edges
         WHEN 'retired' THEN item.support * 2 > item.seen AND (NOT %(writes)s OR merged.words <> ''
              OR item.votes <> '[]'::jsonb OR item.spread <> 'null'::jsonb)
         ELSE false END
   UNION ALL
  SELECT c.participant_id
    FROM campaigns_task t
    JOIN campaigns_contribution c ON c.task_id = t.id AND c.counts AND c.nothing_here
   WHERE t.campaign_id = %(campaign)s
     AND CASE t.state
         WHEN 'decided' THEN NOT EXISTS (
              SELECT 1 FROM campaigns_decision d
               WHERE d.task_id = t.id AND d.superseded_at IS NULL AND d.result_id IS NOT NULL)
         WHEN 'retired' THEN (
              SELECT count(*) FILTER (WHERE other.nothing_here) * 2 > count(*)
                FROM campaigns_contribution other WHERE other.task_id = t.id AND other.counts)
         ELSE false END) said
 GROUP BY said.participant_id
"""


@dataclass(frozen=True, slots=True)
class Rank:
    """A line of a leaderboard: a place (equals share it), a name, accepted items."""

    place: int
    name: str
    items: int
    is_mine: bool = False


def accepted_items(campaign: Campaign) -> dict[UUID, int]:
    """Participant → accepted items; may be a minute old. One query, or none."""
    key = f"accepted/{campaign.pk}"
    found: dict[UUID, int] | None = cache.get(key)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                _ACCEPTED, {"campaign": campaign.pk, "writes": campaign.traits.says in ("texts", "steps")}
            )
            found = dict(cursor.fetchall())
        cache.set(key, found, KEEP_S)
    return found


def people_ranked(campaign: Campaign, me: Participant | None, most: int = 20) -> list[Rank]:
    """The people with the most accepted items, without those who would rather not be listed; one query more."""
    items = accepted_items(campaign)
    rows = Participant.objects.filter(campaign=campaign, pk__in=items, hides_rank=False, merged_into=None)
    names = dict(rows.values_list("pk", "pseudonym"))
    return _ranked({pk: items[pk] for pk in names}, names, {me.pk} if me else set())[:most]


def teams_ranked(campaign: Campaign, me: Participant | None) -> list[Rank]:
    """All teams by the accepted items of those who are in them; those who hide their rank count, unnamed."""
    items = accepted_items(campaign)
    sums: dict[UUID, int] = {}
    names: dict[UUID, str] = {}
    mine: set[UUID] = set()
    rows = Team.objects.filter(campaign=campaign).values_list("pk", "name", "members__participant")
    for pk, name, participant in rows:
        names[pk] = name
        sums[pk] = sums.get(pk, 0) + items.get(participant, 0)
        if me is not None and participant == me.pk:
            mine.add(pk)
    return _ranked(sums, names, mine)


def _ranked(items: Mapping[UUID, int], names: Mapping[UUID, str], mine: set[UUID]) -> list[Rank]:
    found: list[Rank] = []
    for pk in sorted(items, key=lambda one: (-items[one], names[one])):
        same = found and found[-1].items == items[pk]
        place = found[-1].place if same else len(found) + 1
        found.append(Rank(place, names[pk], items[pk], pk in mine))
    return found


@dataclass(frozen=True, slots=True)
class Goal:
    """So many accepted items by a day, and how many there are."""

    count: int
    on: str
    done: int

    @property
    def reached(self) -> bool:
        return self.done >= self.count


def goals_of(campaign: Campaign) -> list[Goal]:
    """The goals of a campaign, the nearest day first; no query without any."""
    if not campaign.goals:
        return []
    done = sum(accepted_items(campaign).values())
    return [Goal(one["count"], one["on"], done) for one in sorted(campaign.goals, key=lambda one: one["on"])]
