"""Every address of the house."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

api = [
    path("", include("campaigns.api.urls")),
    path("", include("campaigns.api.outcomes.urls")),
    path("", include("annotation.api.urls")),
    path("", include("taxonomy.api.urls")),
    path("", include("work.api.urls")),
    path("", include("accounts.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("", include("frontend.urls")),
    path("", include("annotation.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "problems.middleware.bad_request"
handler404 = "problems.middleware.not_found"
handler500 = "problems.middleware.server_error"
