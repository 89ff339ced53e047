"""The daily log: residents' pages and the officers' desk. Mounted at the root."""

from django.urls import path

from tongxin.monitoring import views, views_desk, views_sheet

urlpatterns = [
    path("my/log/", views.log, name="my_log"),
    path("my/log/taken/", views.taken, name="my_log_taken"),
    path("my/<uuid:person_id>/log/", views.history, name="my_log_history"),
    path("desk/log/", views_desk.people, name="desk_log"),
    path("desk/log/county/", views_desk.county, name="desk_log_county"),
    path("desk/log/sheet/", views_sheet.sheet, name="desk_log_sheet"),
    path("desk/log/person/<uuid:person_id>/", views_desk.person, name="desk_log_person"),
    path("desk/log/tasks/<int:task_id>/", views_desk.task, name="desk_log_task"),
]
