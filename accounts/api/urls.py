"""Addresses of people in the API."""

from django.urls import path

from accounts.api import views

urlpatterns = [
    path("me/", views.MeView.as_view(), name="api-me"),
    path("tokens/", views.TokensView.as_view(), name="api-tokens"),
    path("tokens/<int:token_id>/", views.TokenView.as_view(), name="api-token"),
]
