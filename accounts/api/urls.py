"""Addresses of people in the API."""

from django.urls import path

from accounts.api import groups, views

urlpatterns = [
    path("me/", views.MeView.as_view(), name="api-me"),
    path("groups/", groups.GroupsView.as_view(), name="api-group-list"),
    path("groups/<uuid:group_id>/", groups.GroupView.as_view(), name="api-group"),
    path("groups/<uuid:group_id>/members/", groups.MembersView.as_view(), name="api-group-members"),
    path(
        "groups/<uuid:group_id>/members/<str:username>/", groups.MemberView.as_view(), name="api-group-member"
    ),
    path("tokens/", views.TokensView.as_view(), name="api-tokens"),
    path("tokens/<int:token_id>/", views.TokenView.as_view(), name="api-token"),
]
