"""Addresses of questionnaires that anybody may answer."""

from django.urls import re_path

from tongxin.questionnaires import views

LANGUAGE = r"^(?P<language>zh-hans|en)/forms"
SLUG = r"(?P<slug>[a-z0-9-]{1,60})"
CODE = r"(?P<code>[0-9A-Z-]{16,20})"

urlpatterns = [
    re_path(rf"{LANGUAGE}/$", views.forms, name="forms"),
    re_path(rf"{LANGUAGE}/resume/$", views.resume, name="form_resume"),
    re_path(rf"{LANGUAGE}/{SLUG}/$", views.form, name="form"),
    re_path(rf"{LANGUAGE}/{SLUG}/receipt/{CODE}/$", views.sent, name="form_sent"),
]
