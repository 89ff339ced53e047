from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongxin.audit.models import Entry
from tongxin.consent.actions import correct_details
from tongxin.consent.models import Grant, Proxy
from tongxin.consent.queries import only_wards
from tongxin.people.access import own, public
from tongxin.people.actions import erase_person
from tongxin.people.forms import refuse
from tongxin.refusal import Refusal
from tongxin.residents import fhir, queries
from tongxin.residents.actions import erase_self
from tongxin.residents.forms import DetailsForm, EraseForm, ProofForm
from tongxin.residents.holdings import exported, held
from tongxin.residents.own_pages import person_or_404
from tongxin.residents.words import deed_in_words, who_in_words
from tongxin.triage.packs import shipped_pack
from tongxin.triage.queries import people_told

ERASED = "people.person_erased"


@own
@never_cache
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """Oneself and whom one acts for."""
    now = timezone.now()
    me = person_or_404(request, request.user.person_id)
    facts = {
        "me": me,
        "wards": queries.wards(request.user, at=now),
        "allowed": sum(wish.grant is not None for wish in queries.wishes(me, at=now)),
        "asked": len(queries.wishes(me, at=now)),
        "told_again": people_told(request.user, shipped_pack(settings.DEFAULT_DISEASE), at=now),
    }
    return render(request, "residents/my.html", facts)


@own
@never_cache
def details(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who the person is, to correct."""
    person = person_or_404(request, person_id)
    first = {
        "name": person.name,
        "born_on": person.born_on,
        "place": person.place.name_zh if person.place else "",
        "street": person.street,
        "document": person.document,
        "document_number": person.document_number,
    }
    form = DetailsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        said["place_id"] = said.pop("place") or None
        try:
            correct_details(person, by=request.user, at=timezone.now(), **said)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("my")
    return render(request, "residents/details.html", {"person": person, "form": form})


@own
@never_cache
@require_safe
def record(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Everything held about the person, and who looked."""
    person = person_or_404(request, person_id)
    looks = [
        (look, deed_in_words(look.deed), who_in_words(look.who)) for look in queries.looks(person)
    ]
    facts = {"person": person, "held": held(person), "looks": looks}
    return render(request, "residents/record.html", facts)


@own
@never_cache
@require_safe
def export(request: HttpRequest, person_id: UUID, form: str) -> HttpResponse:
    """The same as a file: JSON as it is stored, or FHIR."""
    person = person_or_404(request, person_id)
    now = timezone.now()
    content = (
        exported(person)
        if form == "json"
        else fhir.bundle(
            person,
            grants=list(Grant.objects.filter(person=person).select_related("to")),
            proxies=list(Proxy.objects.filter(person=person)),
            looks=queries.looks(person),
            at=now,
        )
    )
    name = f"record-{now:%Y%m%d}.{'json' if form == 'json' else 'fhir.json'}"
    kind = "application/json" if form == "json" else "application/fhir+json"
    return JsonResponse(
        content,
        content_type=f"{kind}; charset=utf-8",
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@own
@never_cache
def erase(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask once more; then the proof, and whoever erased themselves is signed out."""
    person = person_or_404(request, person_id)
    is_own = person.pk == request.user.person_id
    now = timezone.now()
    wards = list(only_wards(request.user, at=now)) if is_own else []
    form = EraseForm(request.POST or None, wards=wards)
    if request.method == "POST" and form.is_valid():
        try:
            if is_own:
                line = erase_self(request.user, form.fates(), by=request.user, at=now)
            else:
                line = erase_person(person, by=request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            if is_own:
                logout(request)
            return render(request, "residents/erased.html", {"line": line, "is_own": is_own})
    everything = held(person)
    facts = {
        "person": person,
        "form": form,
        "is_own": is_own,
        "wards": wards,
        "goes": [one for one in everything if not one.stays],
        "stays": [one for one in everything if one.stays],
    }
    return render(request, "residents/erase.html", facts)


@public
@never_cache
def proof(request: HttpRequest) -> HttpResponse:
    """Whether a proof of erasure stands in the trail."""
    form = ProofForm(request.POST or None)
    line, is_asked = None, request.method == "POST" and form.is_valid()
    if is_asked:
        line = Entry.objects.filter(deed=ERASED, hash=form.cleaned_data["proof"].strip()).first()
    facts = {"form": form, "line": line, "is_asked": is_asked}
    return render(request, "residents/proof.html", facts)
