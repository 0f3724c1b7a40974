"""Shows the images of a campaign to its people, whoever may see the manifests they come from."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import Person
from campaigns.api.visitors import read_visitor
from campaigns.models import Participant, Task
from campaigns.permissions import visible_campaigns


def images_of_campaigns(person: Person, request: HttpRequest | None) -> Q:
    """A condition on `StoredImage`: a campaign that the person may see, or works in, asks about it.

    To choose a canvas for a campaign is to decide that the people of the campaign see it. Who has begun to
    work keeps seeing the images when the campaign is closed to others: a lease may still be open.
    """
    visible = Q(campaign__in=visible_campaigns(person).order_by().values("pk"))
    asking = visible | _worked_on(person, request)
    about = Task.objects.filter(canvas=OuterRef("canvas"))
    beside = Task.objects.filter(beside__canvas=OuterRef("canvas"))  # the other region of a pair
    return Q(Exists(about.filter(asking))) | Q(Exists(beside.filter(asking)))


def _worked_on(person: Person, request: HttpRequest | None) -> Q:
    """Tasks of campaigns in which the user, or the visitor of this browser, takes part."""
    mine = Q(pk__in=[])
    if isinstance(person, User):
        mine |= Q(user=person)
    visitor = read_visitor(request) if request is not None else ""
    if visitor:
        mine |= Q(visitor=visitor)
    return Q(campaign__in=Participant.objects.filter(mine).values("campaign"))
