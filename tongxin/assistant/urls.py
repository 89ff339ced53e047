"""The conversation, the receipts, the editors' queue of questions."""

from django.urls import path, re_path

from tongxin.assistant import views, views_desk

LANGUAGE = r"^(?P<language>zh-hans|en)/ask"
CODE = r"(?P<code>[0-9A-Za-z-]{16,40})"

urlpatterns = [
    re_path(rf"{LANGUAGE}/$", views.ask, name="ask"),
    re_path(rf"{LANGUAGE}/stream/$", views.stream, name="ask_stream"),
    re_path(rf"{LANGUAGE}/hand-over/$", views.hand_over, name="ask_hand_over"),
    re_path(rf"{LANGUAGE}/opinion/$", views.opinion, name="ask_opinion"),
    re_path(rf"{LANGUAGE}/receipt/$", views.find_receipt, name="ask_find_receipt"),
    re_path(rf"{LANGUAGE}/receipt/{CODE}/$", views.receipt, name="ask_receipt"),
    path("desk/questions/", views_desk.questions, name="desk_questions"),
    path("desk/questions/opinions/", views_desk.reader_opinions, name="desk_opinions"),
    path("desk/questions/opinions/seen/", views_desk.seen, name="desk_opinions_seen"),
    path("desk/questions/<int:number>/", views_desk.question, name="desk_question"),
]
