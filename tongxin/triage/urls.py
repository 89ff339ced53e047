"""The self-check, its rules as pages and files, what people keep of it, and the staff's pages."""

from django.urls import path, re_path

from tongxin.triage import views, views_desk, views_keeping

ONE = "my/<uuid:person_id>/self-checks"
LANGUAGE = r"^(?P<language>zh-hans|en)/self-check"

urlpatterns = [
    re_path(rf"{LANGUAGE}/$", views.self_check, name="self_check"),
    re_path(rf"{LANGUAGE}/rules/$", views.rules_page, name="self_check_rules"),
    re_path(rf"{LANGUAGE}/rules/(?P<number>\d{{1,2}})\.svg$", views.sheet, name="self_check_sheet"),
    re_path(rf"{LANGUAGE}/rules\.txt$", views.rules_text, name="self_check_text"),
    path("self-check/questionnaire.json", views.questionnaire, name="self_check_questionnaire"),
    re_path(rf"{LANGUAGE}/hold/$", views_keeping.hold_result, name="self_check_hold"),
    re_path(rf"{LANGUAGE}/keep/$", views_keeping.keep, name="self_check_keep"),
    path(f"{ONE}/", views_keeping.mine, name="my_self_checks"),
    path(f"{ONE}/<int:check_id>/delete/", views_keeping.delete, name="my_self_check_delete"),
    path("desk/self-check/", views.hand_over, name="desk_self_check"),
    path("desk/self-check/patients/", views_desk.patients, name="desk_self_check_patients"),
    path(
        "desk/self-check/patients/<uuid:person_id>/",
        views_desk.patient,
        name="desk_self_check_patient",
    ),
    path("desk/self-check/changes/", views_desk.changes, name="desk_self_check_changes"),
]
