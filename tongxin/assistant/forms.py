from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from tongxin.assistant.rules import LONGEST
from tongxin.guidance.queries import live_blocks
from tongxin.myths.queries import standing
from tongxin.notices.queries import standing as notices_standing


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=gettext_lazy("Your question"),
        max_length=LONGEST,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of your receipt"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=gettext_lazy("Advice, verdict or notice that answers it"))

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["answer"].choices = published_answers()


def published_answers() -> list[tuple[str, str]]:
    """Everything that may answer a question, by what it says in the reader's language."""
    words = "zh" if (get_language() or "").startswith("zh") else "en"
    disease = settings.DEFAULT_DISEASE
    blocks = live_blocks(disease=disease, on=timezone.localdate())
    found = [(f"block:{row.slug}", row.said("title", words)) for row in blocks]
    claims, notices = standing(disease=disease), notices_standing(at=timezone.now())
    found += [(f"claim:{row.slug}", row.said("claim", words)) for row in claims]
    return found + [(f"notice:{row.code}", row.said("title", words)) for row in notices]
