"""Certificates: those of mine, and the page of each, which prints on one sheet and which anybody can check."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require_user
from annotation.addresses import absolute
from campaigns.certificates import get_certificate, make_certificate, withdraw_certificate
from campaigns.figures import participations_of
from frontend.forms.certificates import CertificateForm
from frontend.forms.problems import show_on
from frontend.my_work import duration
from frontend.templatetags.rubricator import lang
from problems import Problem


@require_http_methods(["GET", "POST"])
def certificate_list(request: HttpRequest) -> HttpResponse:
    """What I have had written down, and the form for another one."""
    user = require_user(request.user)
    took_part = [
        (row["campaign__slug"], lang(row["campaign__title"]) or row["campaign__slug"])
        for row in participations_of(user)
    ]
    form = CertificateForm(
        request.POST if request.method == "POST" else None,
        campaigns=took_part,
        orcid=user.orcid,
        initial={"name": user.public_name, "campaign": request.GET.get("campaign", "")},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = make_certificate(
                user, slug=said["campaign"], name=said["name"], with_orcid=said.get("with_orcid", False)
            )
            return redirect("certificate", made.code)
        except Problem as problem:
            show_on(form, problem)
    context = {
        "form": form,
        "took_part": took_part,
        "certificates": user.certificates.select_related("campaign"),
    }
    return render(request, "me/certificates.html", context, status=422 if form.is_bound else 200)


@require_POST
def certificate_withdraw(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    withdraw_certificate(require_user(request.user), certificate_id)
    messages.success(request, _("The certificate is withdrawn; its address says so from now on."))
    return redirect("certificate-list")


@require_GET
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate, for whoever has its address; search engines are asked to stay away."""
    found = get_certificate(code)
    figures = found.figures
    context = {
        "certificate": found,
        "figures": figures,
        "titles": [lang(title) for title in figures["campaigns"]],
        "time": duration(figures["seconds"]),
        "first_on": date.fromisoformat(figures["first_on"]),
        "last_on": date.fromisoformat(figures["last_on"]),
        "address": absolute(reverse("certificate", args=[found.code])),
        "is_mine": request.user.is_authenticated and request.user.pk == found.user_id,
    }
    response = render(request, "public/certificate.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
