"""The desk's pages of figures, under /desk/figures/."""

from django.urls import path

from tongxin.situation.views import (
    desk_disagreements,
    desk_held,
    desk_imports,
    desk_pulls,
    desk_settled,
)

urlpatterns = [
    path("imports/", desk_imports.imports, name="desk_imports"),
    path("imports/template.xlsx", desk_imports.sheet_template, name="desk_sheet_template"),
    path("imports/<int:batch_id>/", desk_imports.one_import, name="desk_import"),
    path("held/", desk_held.held, name="desk_held"),
    path("held/settled/", desk_settled.settled, name="desk_settled"),
    path("held/decide/", desk_held.decide, name="desk_held_decide"),
    path("held/<int:held_id>/", desk_held.one_held, name="desk_held_one"),
    path("disagreements/", desk_disagreements.sources_disagree, name="desk_disagreements"),
    path("pulls/", desk_pulls.pulls, name="desk_pulls"),
    path("pulls/<int:pull_id>/pause/", desk_pulls.pause, name="desk_pull_pause"),
    path("pulls/<int:pull_id>/resume/", desk_pulls.resume, name="desk_pull_resume"),
    path("pulls/<int:pull_id>/run/", desk_pulls.run_now, name="desk_pull_run"),
]
