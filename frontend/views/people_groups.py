"""Groups of people: those one looks after, and who is in them."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import add_members, dissolve_group, make_group, remove_member
from accounts.permissions import get_group_for, own_groups, require_curator
from frontend.forms.ways_in import GroupForm, MembersForm


@require_http_methods(["GET", "POST"])
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups that the curator looks after, and a form for another."""
    by = require_curator(request.user)
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        group = make_group(by=by, title=form.cleaned_data["title"])
        return redirect("group", group.pk)
    groups = own_groups(by).annotate(size=Count("group__user"))
    status = 422 if form.is_bound else 200
    return render(request, "groups/list.html", {"form": form, "groups": groups}, status=status)


@require_http_methods(["GET", "POST"])
def group_detail(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Who is in a group, and a form that adds people."""
    group = get_group_for(request.user, group_id)
    form = MembersForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        names = [line.strip() for line in form.cleaned_data["members"].splitlines() if line.strip()]
        unknown = add_members(group, names)
        if not unknown:
            messages.success(request, _("They are in the group."))
            return redirect("group", group.pk)
        form = MembersForm({"members": "\n".join(unknown)})
        form.add_error("members", _("Nobody here has these names; the others were added."))
    status = 422 if form.is_bound else 200
    members = group.group.user_set.order_by("username")
    return render(
        request, "groups/detail.html", {"group": group, "members": members, "form": form}, status=status
    )


@require_POST
def group_member_remove(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = get_group_for(request.user, group_id)
    remove_member(group, request.POST.get("username", ""))
    messages.success(request, _("The person is no longer in the group."))
    return redirect("group", group.pk)


@require_POST
def group_dissolve(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """End the group; what its members might do by it ends with it."""
    dissolve_group(get_group_for(request.user, group_id))
    messages.success(request, _("The group is dissolved."))
    return redirect("group-list")
