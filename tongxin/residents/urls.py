"""The resident's own pages. Mounted at the root: the addresses are given in full."""

from django.urls import path, re_path

from tongxin.residents import (
    views,
    views_consent,
    views_desk,
    views_reach,
    views_sheet,
    views_sign_in,
    views_wechat,
)

ONE = "my/<uuid:person_id>"
DESK = "desk/people"
THEIRS = f"{DESK}/<uuid:person_id>"

urlpatterns = [
    path("my/", views.my, name="my"),
    path("my/sign-in/", views_sign_in.sign_in, name="resident_sign_in"),
    path("my/sign-in/code/", views_sign_in.code, name="resident_code"),
    path("my/sign-in/wechat/link/", views_wechat.link, name="resident_wechat_link"),
    path("my/sign-in/wechat/<slug:name>/", views_wechat.leave, name="resident_wechat"),
    path("my/sign-in/wechat/<slug:name>/back/", views_wechat.back, name="resident_wechat_back"),
    path("my/sign-out/", views_sign_in.sign_out, name="resident_sign_out"),
    path("my/people/add/", views_consent.add, name="my_add"),
    path("my/people/join/", views_consent.join, name="my_join"),
    path("my/people/join/code/", views_consent.join_code, name="my_join_code"),
    path("my/people/<int:proxy_id>/end/", views_consent.end, name="my_end_proxy"),
    path("my/proof/", views.proof, name="my_proof"),
    path(f"{ONE}/details/", views.details, name="my_details"),
    path(f"{ONE}/consent/", views_consent.consent, name="my_consent"),
    path(f"{ONE}/consent/allow/", views_consent.allow, name="my_allow"),
    path(
        f"{ONE}/consent/allow/<slug:purpose>/<int:to>/",
        views_consent.allow_code,
        name="my_allow_code",
    ),
    path(f"{ONE}/consent/<int:grant_id>/withdraw/", views_consent.withdraw, name="my_withdraw"),
    path(f"{ONE}/record/", views.record, name="my_record"),
    path(f"{ONE}/export/json/", views.export, {"form": "json"}, name="my_export_json"),
    path(f"{ONE}/export/fhir/", views.export, {"form": "fhir"}, name="my_export_fhir"),
    path(f"{ONE}/reach/", views_reach.reach, name="my_reach"),
    path(f"{ONE}/reach/browser/", views_reach.browser, name="my_browser"),
    path(f"{ONE}/reach/browsers/end/", views_reach.leave_browsers, name="my_leave_browsers"),
    path(f"{ONE}/reach/<int:follower_id>/end/", views_reach.unlink, name="my_unlink"),
    path(f"{ONE}/erase/", views.erase, name="my_erase"),
    re_path(r"^(?P<language>zh-hans|en)/consent-sheet/$", views_sheet.sheet, name="consent_sheet"),
    path(f"{DESK}/", views_desk.people, name="desk_people"),
    path(f"{DESK}/enter/", views_desk.enter, name="desk_person_enter"),
    path(f"{DESK}/withdrawal/", views_desk.full_withdrawal, name="desk_full_withdrawal"),
    path(f"{THEIRS}/", views_desk.one, name="desk_person"),
    path(f"{THEIRS}/sheet/", views_desk.sheet, name="desk_person_sheet"),
    path(f"{THEIRS}/withdrawal/", views_desk.withdrawal, name="desk_person_withdrawal"),
    path(f"{THEIRS}/details/", views_desk.details, name="desk_person_details"),
    path(f"{THEIRS}/telephone/", views_desk.telephone, name="desk_person_telephone"),
    path(f"{THEIRS}/telephone/code/", views_desk.telephone_code, name="desk_person_code"),
    path(f"{THEIRS}/erase/", views_desk.erase, name="desk_person_erase"),
    path("dev/phone/", views_sign_in.dev_phone, name="dev_phone"),
]
