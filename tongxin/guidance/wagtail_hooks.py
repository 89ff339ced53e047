"""Advice under /cms/, with what would contradict shown on every save."""

from collections.abc import Iterable

import django_filters
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.panels import PublishingPanel as SchedulePanel
from wagtail.admin.ui.tables import Column

from tongxin.guidance.checking import refusals_of
from tongxin.guidance.cms import (
    WordsCreateView,
    WordsEditView,
    WordsUnpublishView,
    WordsViewSet,
    register_words,
)
from tongxin.guidance.form_fields import circumstance_choices
from tongxin.guidance.forms import AdviceForm
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.packs import circumstances
from tongxin.guidance.upkeep import A_BREATH, SOON, old_source_before
from tongxin.guidance.upkeep_lists import lag_of
from tongxin.guidance.views_upkeep import words_to_look_after
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal


def _concerns(words: AdviceBlock) -> Iterable[Refusal]:
    return refusals_of([words], disease=words.disease, today=timezone.localdate())


class AdviceCreateView(WordsCreateView):
    """New advice."""

    def concerns(self, words: AdviceBlock) -> Iterable[Refusal]:
        """Whom it would tell opposite things."""
        return _concerns(words)


class AdviceEditView(WordsEditView):
    """Advice being changed."""

    def concerns(self, words: AdviceBlock) -> Iterable[Refusal]:
        """Whom it would tell opposite things."""
        return _concerns(words)


class AdviceUnpublishView(WordsUnpublishView):
    """Advice taken back."""

    def require_sound_without(self, words: AdviceBlock) -> None:
        """Nothing, if everyone is still told what they must be told."""
        without, today = [words.slug], timezone.localdate()
        for refusal in refusals_of([], disease=words.disease, today=today, without=without):
            raise refusal


def _row(*names: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(name) for name in names])


PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("slug"),
            _row("circumstance", "action"),
            _row("polarity", "grade"),
        ],
        heading=gettext_lazy("What it is about"),
    ),
    MultiFieldPanel(
        [_row("title_zh", "title_en"), _row("text_zh", "text_en"), _row("asks_zh", "asks_en")],
        heading=gettext_lazy("Words"),
    ),
    MultiFieldPanel(
        [FieldPanel("when"), FieldPanel("places"), _row("layer", "narrower_may")],
        heading=gettext_lazy("For whom and where"),
    ),
    MultiFieldPanel(
        [
            _row("source_zh", "source_en"),
            FieldPanel("source_url"),
            _row("source_on", "authority"),
        ],
        heading=gettext_lazy("Who says so"),
    ),
    MultiFieldPanel(
        [_row("effective_from", "expires_on"), FieldPanel("review_by")],
        heading=gettext_lazy("From when to when"),
    ),
    SchedulePanel(),
]


def _lag(words: AdviceBlock) -> str:
    found = lag_of(words)
    if found is None:
        return ""
    language, since = found
    day = timezone.localtime(since).date().isoformat()
    if language == "en":
        return gettext("English since %(day)s") % {"day": day}
    return gettext("Chinese since %(day)s") % {"day": day}


def _about(words: AdviceBlock) -> str:
    known = circumstances(words.disease).get(words.circumstance)
    return known.name(get_language() or "") if known else words.circumstance


NEEDS = [
    ("zh", gettext_lazy("Chinese lags")),
    ("en", gettext_lazy("English lags")),
    ("review", gettext_lazy("review due within 30 days or overdue")),
    ("expired", gettext_lazy("no longer in force")),
    ("source", gettext_lazy("source older than five years")),
]


class AdviceFilters(WagtailFilterSet):
    """What the list can be narrowed to."""

    circumstance = django_filters.ChoiceFilter(
        label=gettext_lazy("circumstance"), choices=lambda: circumstance_choices()[1:]
    )
    needs = django_filters.ChoiceFilter(
        label=gettext_lazy("needs"), choices=NEEDS, method="needing"
    )

    class Meta:
        model = AdviceBlock
        fields = ["circumstance", "polarity", "layer", "live"]

    def needing(self, rows: QuerySet[AdviceBlock], _: str, what: str) -> QuerySet[AdviceBlock]:
        """Advice that somebody should look after, in one way."""
        today = timezone.localdate()
        chosen = {
            "zh": Q(changed_en_at__gt=F("changed_zh_at") + A_BREATH),
            "en": Q(changed_zh_at__gt=F("changed_en_at") + A_BREATH),
            "review": Q(review_by__lte=today + SOON),
            "expired": Q(expires_on__lt=today),
            "source": Q(source_on__lt=old_source_before(today)),
        }
        return rows.filter(chosen[what])


class AdviceViewSet(WordsViewSet):
    """Where editors write advice."""

    model = AdviceBlock
    icon = "doc-full"
    menu_label = gettext_lazy("Advice")
    menu_order = 100
    list_display = [
        "title_zh",
        "title_en",
        Column("circumstance", label=gettext_lazy("circumstance"), accessor=_about),
        Column("polarity", label=gettext_lazy("do or don't"), accessor="get_polarity_display"),
        Column("lag", label=gettext_lazy("translation lags"), accessor=_lag),
    ]
    filterset_class = AdviceFilters
    search_fields = ["slug", "title_zh", "title_en", "text_zh", "text_en"]
    list_per_page = 50
    add_view_class = AdviceCreateView
    edit_view_class = AdviceEditView
    unpublish_view_class = AdviceUnpublishView
    edit_handler = ObjectList(PANELS, base_form_class=AdviceForm)

    def get_queryset(self, request: object) -> object:
        """Advice about the disease of this place."""
        return AdviceBlock.objects.filter(disease=settings.DEFAULT_DISEASE).order_by("slug")


register_words(AdviceViewSet)


class UpkeepMenuItem(MenuItem):
    """The way to the page of words to look after."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For who edits."""
        return request.user.may(Permission.CMS_EDIT)


@hooks.register("register_admin_urls")
def _upkeep_page() -> list[URLPattern]:
    return [path("words/", words_to_look_after, name="words_to_look_after")]


@hooks.register("register_admin_menu_item")
def _upkeep_menu() -> UpkeepMenuItem:
    label, address = gettext_lazy("Words to look after"), reverse("words_to_look_after")
    return UpkeepMenuItem(label, address, name="upkeep", icon_name="clipboard-list", order=150)
