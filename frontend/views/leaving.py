"""To leave: an account is erased, or what was done without one is cut from its cookie."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import confirm_by_password, erase_account, foresee_erasure
from accounts.permissions import require_user
from accounts.signals import Wishes
from annotation.actions.leaving import owns_something
from campaigns.actions.leaving import erase_visitor, solely_owned
from campaigns.api.visitors import forget_visitor, read_visitor
from campaigns.figures import visits_of
from frontend.forms.me import LeaveForm, VisitForm
from frontend.forms.problems import show_on
from problems import Problem


@require_http_methods(["GET", "POST"])
def account_erase(request: HttpRequest) -> HttpResponse:
    """Says exactly what goes and what stays; with the password, erases the account."""
    user = require_user(request.user)
    form = LeaveForm(request.POST if request.method == "POST" else None, user=user, owns=owns_something(user))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            confirm_by_password(user, said["password"], request=request)
            erase_account(user, Wishes(keep_comments=said["comments"] == "keep", heir=said.get("heir")))
        except Problem as problem:
            show_on(form, problem)
        else:
            logout(request)
            messages.success(
                request, _("Your account is erased. Thank you for everything that you did here.")
            )
            return redirect("home")
    fates = foresee_erasure(user)
    context = {
        "form": form,
        "going": [fate.sentence for fate in fates if fate.kind == "goes"],
        "staying": [fate.sentence for fate in fates if fate.kind == "stays"],
        "in_the_way": [fate.sentence for fate in fates if fate.kind == "blocks"],
        "campaigns": solely_owned(user)[:10],
    }
    return render(request, "me/erase.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def visit_erase(request: HttpRequest) -> HttpResponse:
    """What was done in this browser without an account, and the way to cut it from the cookie."""
    visitor = read_visitor(request)
    form = VisitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        erase_visitor(visitor, keep_comments=form.cleaned_data["comments"] == "keep")
        messages.success(request, _("Nothing here leads to you any more."))
        response = redirect("privacy")
        forget_visitor(response)
        return response
    context = {"form": form, "visits": visits_of(visitor)}
    return render(request, "me/erase_visit.html", context, status=422 if form.is_bound else 200)
