"""Claims under /cms/: written by one, let out by another, as all reviewed words."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.panels import PublishingPanel as SchedulePanel
from wagtail.admin.ui.tables import Column

from tongxin.guidance.cms import WordsViewSet, register_words
from tongxin.myths.cms_form import ClaimForm
from tongxin.myths.models import Claim


def _row(*names: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(name) for name in names])


PANELS = [
    MultiFieldPanel(
        [FieldPanel("slug"), _row("topic", "harm"), _row("verdict", "grade")],
        heading=gettext_lazy("What it is about"),
    ),
    MultiFieldPanel(
        [
            _row("claim_zh", "claim_en"),
            _row("why_zh", "why_en"),
            _row("long_zh", "long_en"),
            _row("tellings_zh", "tellings_en"),
        ],
        heading=gettext_lazy("Words"),
    ),
    MultiFieldPanel(
        [FieldPanel("evidence"), _row("since", "true_as_of")],
        heading=gettext_lazy("Who says so"),
    ),
    MultiFieldPanel(
        [_row("withdrawn_on", "superseded_by")],
        heading=gettext_lazy("When it no longer holds"),
    ),
    SchedulePanel(),
]


class ClaimViewSet(WordsViewSet):
    """Where editors write claims."""

    model = Claim
    icon = "help"
    menu_label = gettext_lazy("Rumours")
    menu_order = 110
    list_display = [
        "claim_zh",
        "claim_en",
        Column("verdict", label=gettext_lazy("verdict"), accessor="get_verdict_display"),
        "since",
        "true_as_of",
    ]
    list_filter = ["topic", "verdict", "harm", "live"]
    search_fields = ["slug", "claim_zh", "claim_en", "why_zh", "why_en"]
    list_per_page = 50
    edit_handler = ObjectList(PANELS, base_form_class=ClaimForm)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """Claims about the disease of this place."""
        return Claim.objects.filter(disease=settings.DEFAULT_DISEASE).order_by("-since", "slug")


register_words(ClaimViewSet)
