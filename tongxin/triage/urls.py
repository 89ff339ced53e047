"""The self-check, its rules as pages and files, and the doctor's page for hand-overs."""

from django.urls import path, re_path

from tongxin.triage import views

LANGUAGE = r"^(?P<language>zh-hans|en)/self-check"

urlpatterns = [
    re_path(rf"{LANGUAGE}/$", views.self_check, name="self_check"),
    re_path(rf"{LANGUAGE}/rules/$", views.rules_page, name="self_check_rules"),
    re_path(rf"{LANGUAGE}/rules/(?P<number>\d{{1,2}})\.svg$", views.sheet, name="self_check_sheet"),
    re_path(rf"{LANGUAGE}/rules\.txt$", views.rules_text, name="self_check_text"),
    path("self-check/questionnaire.json", views.questionnaire, name="self_check_questionnaire"),
    path("desk/self-check/", views.hand_over, name="desk_self_check"),
]
