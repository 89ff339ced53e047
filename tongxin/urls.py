"""Every address of the site. Public pages are release files; see `situation.views.public`."""

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtail_admin

from tongxin.api import api, api_page
from tongxin.portal import views

IN_A_LANGUAGE = (
    "situation|guidance|myths|notices|ask|self-check|report-case|consent-sheet|forms|search"
    "|releases|embed"
)

urlpatterns = [
    path("", views.by_browser, name="root"),
    path("", include("tongxin.releases.urls")),
    re_path(rf"^(?P<rest>(?:{IN_A_LANGUAGE})/(?:[^.]*/)?)$", views.by_browser),
    path("language/<slug:language>/", views.choose_language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("api/docs", api_page, name="api_page"),
    path("api/", api.urls),
    path("desk/", views.desk, name="desk"),
    path("", include("tongxin.people.urls")),
    path("desk/figures/", include("tongxin.situation.desk_urls")),
    path("desk/releases/", include("tongxin.releases.desk_urls")),
    path("desk/releases/", include("tongxin.situation.desk_release_urls")),
    path("desk/alerts/", include("tongxin.notices.desk_urls")),
    path("cms/", include(wagtail_admin)),
    path("", include("tongxin.monitoring.urls")),
    path("", include("tongxin.residents.urls")),
    path("", include("tongxin.channels.wechat.urls")),
    path("", include("tongxin.channels.sms.urls")),
    path("", include("tongxin.questionnaires.urls")),
    path("", include("tongxin.myths.urls")),
    path("", include("tongxin.triage.urls")),
    path("", include("tongxin.tracing.urls")),
    path("", include("tongxin.assistant.urls")),
    path("", include("tongxin.situation.urls")),
]
