"""The desk's pages of alerts, under /desk/alerts/."""

from django.urls import path

from tongxin.notices import views_agencies
from tongxin.notices import views_desk as views

urlpatterns = [
    path("", views.alerts, name="desk_alerts"),
    path("new/", views.new_alert, name="desk_alert_new"),
    path("agencies/", views_agencies.agencies, name="desk_agencies"),
    path("agencies/<int:agency_id>/", views_agencies.agency, name="desk_agency"),
    path("<slug:code>/", views.one_alert, name="desk_alert"),
    path("<slug:code>/update/", views.update_alert, name="desk_alert_update"),
    path("<slug:code>/end/", views.end_alert, name="desk_alert_end"),
    path("<slug:code>/let-out/", views.let_out, name="desk_alert_let_out"),
    path("<slug:code>/drop/", views.drop, name="desk_alert_drop"),
]
