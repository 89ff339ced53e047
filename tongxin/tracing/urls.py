"""Suspected cases: the public form with its receipt, and the officers' desk."""

from django.urls import path, re_path

from tongxin.tracing import views, views_desk

HERE = r"^(?P<language>zh-hans|en)/report-case/"

urlpatterns = [
    re_path(rf"{HERE}$", views.report, name="case_report"),
    re_path(rf"{HERE}receipt/$", views.find_receipt, name="case_find_receipt"),
    re_path(
        rf"{HERE}receipt/(?P<code>[0-9A-Za-z-]{{16,40}})/$", views.receipt, name="case_receipt"
    ),
    path("desk/cases/", views_desk.reports, name="desk_cases"),
    path("desk/cases/enter/", views_desk.enter, name="desk_case_enter"),
    path("desk/cases/<int:report_id>/", views_desk.one, name="desk_case"),
    path("desk/cases/<int:report_id>/step/", views_desk.step, name="desk_case_step"),
]
