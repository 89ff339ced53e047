"""The desk's pages of releases, under /desk/releases/."""

from django.urls import path, re_path

from tongxin.releases import views_desk as views

RELEASE = r"(?P<release_id>[0-9a-f]{64})"

urlpatterns = [
    path("", views.releases, name="desk_releases"),
    re_path(rf"^{RELEASE}/publish/$", views.publish, name="desk_publish"),
    re_path(rf"^{RELEASE}/appoint/$", views.appoint, name="desk_appoint"),
    re_path(rf"^{RELEASE}/roll-back/$", views.roll_back, name="desk_roll_back"),
    re_path(rf"^{RELEASE}/override/$", views.ask_override, name="desk_ask_override"),
    path("override/<int:override_id>/grant/", views.grant_override, name="desk_grant_override"),
    path(
        "appointment/<int:appointment_id>/cancel/",
        views.cancel_appointment,
        name="desk_cancel_appointment",
    ),
]
