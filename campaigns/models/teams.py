"""Teams: people of a campaign who work together under a name."""

from uuid import uuid4

from django.db import models

from campaigns.models.campaign import Campaign
from campaigns.models.contributing import Participant


class Team(models.Model):
    """People of one campaign under one name; whoever has the link joins. Only the link's digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    founded_by = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="team_name_once_in_campaign")
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """That somebody is in a team; in one of each campaign."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="membership")
    joined_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.participant_id} in {self.team_id}"
