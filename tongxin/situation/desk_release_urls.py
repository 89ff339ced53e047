"""The preview of releases, under /desk/releases/ beside the pages of the releases app."""

from django.urls import path, re_path

from tongxin.situation.views import desk_release as views

urlpatterns = [
    path("build/", views.build, name="desk_build"),
    path("build/<int:build_id>/", views.building, name="desk_building"),
    re_path(r"^(?P<release_id>[0-9a-f]{64})/$", views.release, name="desk_release"),
]
