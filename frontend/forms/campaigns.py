"""The form of a campaign's settings, put together from its sections: what is asked, in which words, of whom."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.roles import Person
from campaigns.languages import languages_of
from campaigns.models import Campaign
from campaigns.questions import get_kind
from campaigns.simulated import RuleOf
from frontend.forms import enough
from frontend.forms.describing import DescribingFields
from frontend.forms.enough import EnoughFields
from frontend.forms.settings import checking, course, people, question, results, texts, words
from frontend.forms.settings.checking import CheckingFields
from frontend.forms.settings.course import CourseFields
from frontend.forms.settings.people import PEOPLE, PeopleFields
from frontend.forms.settings.question import QuestionFields
from frontend.forms.settings.results import ResultsFields
from frontend.forms.settings.texts import TextFields
from frontend.forms.settings.words import WordsFields


class CampaignForm(
    TextFields,
    CourseFields,
    CheckingFields,
    ResultsFields,
    PeopleFields,
    WordsFields,
    QuestionFields,
    EnoughFields,
    DescribingFields,
):
    """Texts come once for each language of the site; `values()` gives what the actions take.

    `chosen` is the vocabulary whose branches are offered when nothing has been sent yet. Django reads the fields of the
    last section first, and names their faults in that order.
    """

    def __init__(
        self,
        *args: Any,
        person: Person,
        campaign: Campaign | None = None,
        chosen: str | None = None,
        template: Campaign | None = None,
        **kwargs: Any,
    ) -> None:
        self.campaign, self.begun_from = campaign, template
        kept: dict[str, Any] = {}
        if campaign:
            kept = {**_fields_of(campaign), **results.fields_of(campaign)}
        elif template:
            kept = {**_fields_of(template), **results.fields_of_template(template)}
        if chosen:
            kept.update(vocabulary=chosen, branch="")
        kwargs["initial"] = {**kept, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.offer_rights()
        self.offer_words(person)
        self.offer_texts(campaign or template)
        self.offer_runs()
        self.offer_checks()
        if campaign is None:
            self.fields["slug"] = forms.SlugField(
                label=_("Short name"), max_length=60, required=False,
                help_text=_("It stands in the address; made from the title when left empty."),
            )  # fmt: skip

    def short_name(self) -> str:
        data = self.cleaned_data
        titles = (slugify(data.get(f"title_{code}") or "") for code in ("en", *languages_of(self.campaign)))
        return data.get("slug") or next(filter(None, titles), "")[:60]

    def values(self) -> dict[str, Any]:
        """The settings as `create_campaign` and `configure_campaign` take them."""
        data, texts = self.cleaned_data, self.given_texts()
        return {
            "languages": self.given_languages(self.campaign),
            "title": texts["title"],
            "summary": texts["summary"],
            "instructions": texts["instructions"],
            "question_kind": data["question_kind"],
            "question": self._question(texts["prompt"]),
            **self.words(),
            "overlap": data["overlap"],
            "retirement": self.conditions(),
            **{name: data[name] for name in PEOPLE},
            "rights": data["rights"],
            **self.watching(),
            **self.reviewing(),
            **self.course(),
        }

    def _question(self, prompt: dict[str, str]) -> dict[str, Any]:
        """What the page asks for, over what it does not."""
        kept, asked = self.kept(), self.asked()
        if "asks" in asked and asked["asks"] != kept.get("asks"):
            kept.pop("answers", None)  # others are made
        if get_kind(self.cleaned_data["question_kind"]).TRAITS.says == "texts":
            asked |= self.describing()
        return {**kept, "prompt": prompt, **asked}


def _fields_of(campaign: Campaign) -> dict[str, Any]:
    """The settings of a campaign, as the page shows them; but for its licence."""
    sections = [one.fields_of(campaign) for one in (question, texts, words, people, checking, course)]
    found = enough.fields_of(RuleOf(campaign.overlap, campaign.retirement))
    found |= DescribingFields.initial_of(campaign.question)
    for section in sections:
        found |= section
    return found
