"""What a new campaign can begin from: built-in templates, and campaigns that their owners offer as one."""

from django.db.models import QuerySet

from accounts.roles import Person
from campaigns.blueprints import BLUEPRINTS
from campaigns.models import Campaign
from campaigns.permissions import visible_campaigns
from taxonomy.permissions import visible_vocabularies

MOST_TEMPLATES = 30
# What a template passes on: the texts, the question, how many are enough and how people are checked. Its course and
# dates are its own, and so are its known answers: they are of its tasks.
CHECKS = ("gold_share", "gold_feedback", "qualify_count", "qualify_share", "requalify")
PASSED_ON = (
    "languages", "title", "summary", "instructions", "question_kind", "question", "overlap", "retirement",
    "lease_minutes", "allows_anonymous", "is_public", "rights",
    *CHECKS,
)  # fmt: skip


def offered_templates(person: Person) -> QuerySet[Campaign]:
    """The campaigns that the person may see and whose owners offer them as a template, newest first."""
    return visible_campaigns(person).filter(is_template=True).select_related("vocabulary")


def template_for(person: Person, name: str) -> Campaign | None:
    """A campaign that is never saved, with the settings to begin with; None for an unknown name.

    A campaign is named by its slug behind `campaign:`, a built-in template by its name. The vocabulary of a
    campaign comes along where the person may see it.
    """
    if name in BLUEPRINTS:
        return Campaign(**BLUEPRINTS[name].settings())
    slug = name.removeprefix("campaign:").replace("\x00", "")
    kept = offered_templates(person).filter(slug=slug).first() if slug != name else None
    if kept is None:
        return None
    template = Campaign(**{field: getattr(kept, field) for field in PASSED_ON})
    if visible_vocabularies(person).filter(pk=kept.vocabulary_id).exists():
        template.vocabulary_id, template.branch_id = kept.vocabulary_id, kept.branch_id
    return template
