from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext

from tongxin.guidance.actions import load_shipped_guidance
from tongxin.guidance.workflow import establish_review
from tongxin.myths.actions.claims import load_shipped_claims
from tongxin.people.cast import assemble_cast
from tongxin.places.actions import load_shipped
from tongxin.questionnaires.actions import load_shipped_forms
from tongxin.refusal import noop
from tongxin.releases.actions import publish
from tongxin.releases.queries import current_publication
from tongxin.situation.actions.publishing import build_release
from tongxin.situation.actions.shipped import load_shipped_figures

BY = "first run"


class Command(BaseCommand):
    help = noop("Load what ships with the product and publish a first release; safe to repeat.")

    def handle(self, *args, **options):
        self.say(gettext("Loading places and their boundaries"))
        load_shipped(by=BY)
        self.say(gettext("Loading the figures that ship"))
        load_shipped_figures(by=BY, at=timezone.now())
        establish_review()
        self.say(gettext("Loading the guidance that ships"))
        disease = settings.DEFAULT_DISEASE
        load_shipped_guidance(disease=disease, by=BY, at=timezone.now())
        self.say(gettext("Loading the rumours that ship"))
        load_shipped_claims(disease=disease, by=BY, at=timezone.now())
        self.say(gettext("Loading the questionnaires that ship"))
        load_shipped_forms(by=BY, at=timezone.now())
        if settings.DEVELOPMENT:
            assemble_cast(by=BY, place=settings.HOME_PLACE)
        if current_publication() is None:
            self.say(gettext("Building the first release"))
            now = timezone.now()
            release = build_release(as_of=now, by=BY, at=now)
            publish(release.pk, by=BY, at=timezone.now())

    def say(self, text: str) -> None:
        self.stdout.write(f"{text} …")
