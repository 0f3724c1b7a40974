"""When enough people have seen an image, in the fields of a form: on the page of settings, and to try a rule."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.rules import Condition
from campaigns.simulated import RuleOf

PEOPLE_FIELDS = ("agreeing_people", "certain_people", "nothing_people")
REPORT_FIELDS = ("reporting_people",)
SHARE_FIELDS = ("agreeing_likeness", "certain_share")


class EnoughFields(forms.Form):
    """Each rule for stopping early is a box to tick, with its numbers; shares stand in per cent."""

    overlap = forms.IntegerField(
        label=_("Most people per image"), min_value=1, max_value=50, initial=3,
        help_text=_("No image is seen by more. Three or more let you measure agreement."),
    )  # fmt: skip
    stops_agreeing = forms.BooleanField(label=_("They agree"), required=False)
    agreeing_people = forms.IntegerField(
        label=_("How many"), min_value=2, max_value=50, initial=2, required=False
    )
    agreeing_likeness = forms.FloatField(
        label=_("Alike by at least, in %"), min_value=1, max_value=100, initial=80, required=False
    )
    stops_certain = forms.BooleanField(label=_("What they say together is certain"), required=False)
    certain_people = forms.IntegerField(
        label=_("How many at least"), min_value=1, max_value=50, initial=2, required=False
    )
    certain_share = forms.FloatField(
        label=_("Certain by at least, in %"), min_value=50, max_value=99.99, initial=95, required=False
    )
    stops_nothing = forms.BooleanField(
        label=_("They say “nothing here”, and fewer say something"), required=False
    )
    nothing_people = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=50, initial=2, required=False
    )

    stops_reported = forms.BooleanField(
        label=_("They report the image"), required=False,
        help_text=_("It is set aside at once, until somebody who reviews has looked at it."),
    )  # fmt: skip
    reporting_people = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=50, initial=2, required=False
    )

    campaign: Campaign | None = None

    def early_rules(self) -> list[dict[str, Any]]:
        """For each rule its box and its numbers, as the page groups them."""
        return [
            {
                "box": self[box],
                "numbers": [self[name] for name in numbers],
                "of_nothing": box == "stops_nothing",
            }
            for box, numbers in (
                ("stops_agreeing", ("agreeing_people", "agreeing_likeness")),
                ("stops_certain", ("certain_people", "certain_share")),
                ("stops_nothing", ("nothing_people",)),
                ("stops_reported", REPORT_FIELDS),
            )
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in (*PEOPLE_FIELDS, *SHARE_FIELDS, *REPORT_FIELDS):
            if data.get(name, 0) is None:  # left empty
                data[name] = self.fields[name].initial
        for name in PEOPLE_FIELDS:
            box = "stops_" + name.partition("_")[0]
            if data.get(box) and name in data and "overlap" in data and data[name] > data["overlap"]:
                self.add_error(name, gettext("So many people never see an image."))
        return data

    def conditions(self) -> list[Condition]:
        """The conditions as `Campaign.retirement` has them."""
        data = self.cleaned_data
        found: list[Condition] = []
        if data["stops_agreeing"]:
            likeness = round(data["agreeing_likeness"] / 100, 6)
            found.append({"rule": "agreement", "people": data["agreeing_people"], "likeness": likeness})
        if data["stops_certain"]:
            certainty = round(data["certain_share"] / 100, 6)
            found.append(
                {
                    "rule": "posterior",
                    "people": data["certain_people"],
                    "certainty": certainty,
                    **self._kept(),
                }
            )
        if data["stops_nothing"]:
            found.append({"rule": "nothing_here", "people": data["nothing_people"]})
        if data["stops_reported"]:
            found.append({"rule": "flagged", "people": data["reporting_people"]})
        return found

    def _kept(self) -> dict[str, float]:
        """How often one person is right: a number for those who set it over REST."""
        kept = self.campaign.retirement if self.campaign else []
        certain = next((one for one in kept if one["rule"] == "posterior"), None)
        return {"accuracy": certain["accuracy"]} if certain else {}


class TryForm(EnoughFields):
    """A rule to try on the answers so far, and to use."""

    def __init__(self, data: QueryDict | None, *, campaign: Campaign) -> None:
        self.campaign = campaign
        if data is not None:  # an address names only the numbers of the rules that are ticked
            numbers = (*PEOPLE_FIELDS, *SHARE_FIELDS, *REPORT_FIELDS)
            usual = {name: str(self.base_fields[name].initial) for name in numbers}
            data = data.copy()
            data.update({name: value for name, value in usual.items() if name not in data})
        super().__init__(data, initial=fields_of(RuleOf(campaign.overlap, campaign.retirement)))

    def rule(self) -> RuleOf:
        return RuleOf(self.cleaned_data["overlap"], self.conditions())


def fields_of(rule: RuleOf) -> dict[str, Any]:
    """A rule as the values of these fields."""
    values: dict[str, Any] = {"overlap": rule.overlap}
    for one in rule.retirement:
        if one["rule"] == "agreement":
            values |= {"stops_agreeing": True, "agreeing_people": one["people"]}
            values["agreeing_likeness"] = _per_cent(one["likeness"])
        elif one["rule"] == "posterior":
            values |= {"stops_certain": True, "certain_people": one["people"]}
            values["certain_share"] = _per_cent(one["certainty"])
        elif one["rule"] == "flagged":
            values |= {"stops_reported": True, "reporting_people": one["people"]}
        else:
            values |= {"stops_nothing": True, "nothing_people": one["people"]}
    return values


def query_of(rule: RuleOf) -> str:
    """The same behind an address."""
    return urlencode(sent_of(rule))


def sent_of(rule: RuleOf) -> dict[str, Any]:
    """The same as a browser sends them."""
    return {name: "on" if value is True else value for name, value in fields_of(rule).items()}


def _per_cent(share: float) -> float:
    return float(f"{share * 100:.6g}")
