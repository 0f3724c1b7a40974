"""Forms of teams, of the leaderboard and of the goal of a campaign."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.teams import LONGEST
from campaigns.models import Campaign


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name of the team"), max_length=LONGEST)


class GoalForm(forms.Form):
    """Whether there is a leaderboard, and the next goal; other goals of the campaign stay."""

    shows_leaderboard = forms.BooleanField(
        label=_("Show a leaderboard"), required=False,
        help_text=_("By accepted work, never by what was merely handed in. Anybody may keep out of it."),
    )  # fmt: skip
    count = forms.IntegerField(label=_("Accepted items wanted"), min_value=1, max_value=10**9, required=False)
    on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        first = campaign.goals[0] if campaign.goals else {}
        on = date.fromisoformat(first["on"]) if first else None
        initial = {"shows_leaderboard": campaign.shows_leaderboard, "count": first.get("count"), "on": on}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.others = campaign.goals[1:]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("count")) != bool(data.get("on")) and not self.errors:
            self.add_error("on" if data.get("count") else "count", _("A goal has a number and a day."))
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        first = [{"count": data["count"], "on": data["on"].isoformat()}] if data["count"] else []
        return {"shows_leaderboard": data["shows_leaderboard"], "goals": [*first, *self.others]}
