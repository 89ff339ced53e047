"""Public pages. What the current release holds is served as a file, the rest is drawn here."""

from django.urls import path, re_path

from tongxin.situation.views import public

LANGUAGE = r"(?P<language>zh-hans|en)"
PLACE = r"(?P<code>[A-Z0-9][A-Za-z0-9-]{1,40})"

urlpatterns = [
    re_path(rf"^{LANGUAGE}/$", public.home, name="home"),
    re_path(rf"^{LANGUAGE}/situation/$", public.area, {"code": "001"}, name="situation"),
    re_path(rf"^{LANGUAGE}/situation/about/$", public.about, name="about"),
    re_path(rf"^{LANGUAGE}/situation/compare/$", public.compare, name="compare"),
    re_path(rf"^{LANGUAGE}/search/$", public.search, name="search"),
    re_path(rf"^{LANGUAGE}/releases/$", public.releases, name="releases"),
    re_path(rf"^{LANGUAGE}/situation/{PLACE}/$", public.area, name="area"),
    re_path(
        rf"^{LANGUAGE}/situation/{PLACE}/as-of/(?P<day>\d{{4}}-\d\d-\d\d)/$",
        public.area_as_of,
        name="area_as_of",
    ),
    re_path(rf"^{LANGUAGE}/situation/{PLACE}/as-of/$", public.choose_day, name="choose_day"),
    re_path(rf"^{LANGUAGE}/embed/{PLACE}/$", public.embed, name="embed"),
    re_path(rf"^situation/{PLACE}/card\.{LANGUAGE}\.png$", public.card, name="card"),
    path("<path:path>", public.file, name="release_file"),
]
