"""Doors of rumours that are no files: the form, the receipts, the editors' queue."""

from django.urls import path, re_path

from tongxin.myths import views, views_desk

LANGUAGE = r"^(?P<language>zh-hans|en)/myths"
CODE = r"(?P<code>[0-9A-Za-z-]{16,40})"

urlpatterns = [
    re_path(rf"{LANGUAGE}/report/$", views.report, name="myth_report"),
    re_path(rf"{LANGUAGE}/receipt/$", views.find_receipt, name="myth_find_receipt"),
    re_path(rf"{LANGUAGE}/receipt/{CODE}/$", views.receipt, name="myth_receipt"),
    re_path(rf"{LANGUAGE}/receipt/{CODE}/choose/$", views.choose, name="myth_choose"),
    path("desk/rumours/", views_desk.rumours, name="desk_rumours"),
    path("desk/rumours/suspicious/", views_desk.suspicious_ones, name="desk_rumours_suspicious"),
    path("desk/rumours/let-in/<int:report>/", views_desk.let_in, name="desk_rumours_let_in"),
    path("desk/rumours/<int:cluster>/", views_desk.one_cluster, name="desk_rumour"),
    path("desk/rumours/<int:cluster>/<slug:deed>/", views_desk.settle, name="desk_rumour_deed"),
]
