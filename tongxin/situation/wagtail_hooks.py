"""What editors may write under /cms/: the caveats beside the figures. Each deed is in the trail."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from tongxin.audit.actions import record
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Caveat

FIELDS = (
    "metric",
    "disease",
    "from_on",
    "to_on",
    "text_zh",
    "text_en",
    "source",
    "source_url",
    "known_at",
)


def _metric_choices() -> list[tuple[str, str]]:
    language = get_language() or ""
    every = [("", "---------")]
    return every + [(code, metric.name(language)) for code, metric in metrics().items()]


class CaveatForm(WagtailAdminModelForm):
    """Saves a caveat and its line in the trail as one."""

    metric = forms.ChoiceField(
        label=gettext_lazy("metric"), choices=_metric_choices, required=False
    )

    @transaction.atomic
    def save(self, commit: bool = True) -> Caveat:
        is_new = self.instance.pk is None
        caveat = super().save(commit)
        deed = "situation.caveat_written" if is_new else "situation.caveat_changed"
        record(deed, caveat, by=self.for_user, changed=sorted(self.changed_data))
        return caveat


class CaveatViewSet(SnippetViewSet):
    model = Caveat
    icon = "warning"
    menu_label = gettext_lazy("Caveats")
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["place", "metric", "from_on", "to_on", "text_zh"]
    list_filter = ["disease", "metric"]
    search_fields = ["text_zh", "text_en"]
    edit_handler = ObjectList(
        [
            FieldPanel("place", widget=forms.TextInput),  # its code: there are thousands
            *(FieldPanel(name) for name in FIELDS),
        ],
        base_form_class=CaveatForm,
    )


register_snippet(CaveatViewSet)


@hooks.register("after_delete_snippet")
def _deleted(request: HttpRequest, instances: list[Any]) -> None:
    for one in (one for one in instances if isinstance(one, Caveat)):
        record("situation.caveat_deleted", one, by=request.user)


@hooks.register("construct_main_menu")
def _only_ours(request: HttpRequest, items: list[Any]) -> None:
    """Pages, reports and help are not used here; a menu without them is shorter."""
    items[:] = [item for item in items if item.name not in ("explorer", "reports", "help")]
