"""The way of a campaign over REST, from its making to its release, whatever kind of question it asks."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.models import Campaign, Release
from tests.campaigns.outcomes import merge
from tests.cast import make_person
from work.actions import run_job
from work.models import Job


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


class Journey:
    """What the curator and the volunteers of one campaign do, each step checked for its status."""

    def __init__(self, owner: User, slug: str) -> None:
        self.curator, self.slug = signed_in(owner), slug

    @property
    def campaign(self) -> Campaign:
        return Campaign.objects.get(slug=self.slug)

    def call(self, method: str, name: str, body: Any = None, *, status: int = 200, **query: Any) -> Any:
        """One request of the curator's to an address of the campaign."""
        address = reverse(name, args=[self.slug])
        send = getattr(self.curator, method)
        answer = send(address, query or body) if method == "get" else send(address, body, format="json")
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def make(self, *, status: int = 201, **settings: Any) -> Any:
        body = {"slug": self.slug, "title": {"en": "Asked", "fr": "Demandé"}, **settings}
        answer = self.curator.post(reverse("api-campaign-list"), body, format="json")
        assert answer.status_code == status, answer.content
        return answer.json()

    def configure(self, *, status: int = 200, **changes: Any) -> Any:
        return self.call("patch", "api-campaign-detail", changes, status=status)

    def open(self) -> None:
        assert self.call("post", "api-campaign-open")["status"] == "open"

    def answer(self, rows: Sequence[Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        """Each person's answers to the tasks, in the order in which they come; the tasks of the last one."""
        seen: list[dict[str, Any]] = []
        for row in rows:
            client = signed_in(make_person(f"volunteer-{uuid4().hex[:8]}"))
            seen = []
            for said in row:
                given = client.post(
                    reverse("api-assignment-claim", args=[self.slug]), {}, format="json"
                ).json()
                seen.append(given["assignment"]["task"])
                body = {"id": str(uuid4()), "assignment": given["assignment"]["id"], **said}
                handed = client.post(
                    reverse("api-contribution-submit", args=[self.slug]), body, format="json"
                )
                assert handed.status_code == 201, handed.content
        return seen

    def merge(self) -> None:
        merge(self.campaign)

    def judge(self, chosen: Mapping[str, str]) -> int:
        """Accept what has a majority, else correct it to what is chosen for that task; returns how many."""
        count = 0
        while (shown := self.call("get", "api-review-next"))["task"]:
            task = shown["task"]["id"]
            items = [
                {"id": item["id"], "verdict": "accepted"}
                if item["concepts"]
                else {"id": item["id"], "verdict": "corrected", "concepts": [chosen[task]]}
                for item in shown["items"]
            ]
            self.call("post", "api-decisions", {"id": str(uuid4()), "task": task, "items": items}, status=201)
            count += 1
        return count

    def release(self) -> dict[str, bytes]:
        """The files of a new release, by their names."""
        told = self.call("post", "api-campaign-releases", {"note": "", "is_public": True}, status=202)
        release = Release.objects.get(pk=told["id"])
        run_job(str(release.job_id))
        release.refresh_from_db()
        assert release.finished_at, Job.objects.latest("created_at").error
        return {row.name: row.content.read() for row in release.files.all()}


def read(files: Mapping[str, bytes], end: str) -> Any:
    """The one file whose name ends so, parsed."""
    (name,) = (name for name in files if name.endswith(end))
    return json.loads(files[name])
