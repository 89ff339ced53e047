"""Past releases by their id, posters as pictures: mount before addresses that redirect to a
language.
"""

from django.urls import re_path

from tongxin.releases import views, views_posters

POSTER = r"(?P<path>(?:guidance|myths|situation)/[A-Za-z0-9-]{1,100}/poster(?:-screen)?\.[a-z-]+)"

urlpatterns = [
    re_path(
        r"^releases/(?P<release_id>[0-9a-f]{64})/(?P<path>.*)$", views.past, name="past_release"
    ),
    re_path(rf"^{POSTER}\.png$", views_posters.poster, name="poster"),
]
