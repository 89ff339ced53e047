"""The community officer's pages: people who sign on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongxin.consent import actions
from tongxin.consent.code_uses import take_over_use
from tongxin.consent.models import Purpose
from tongxin.consent.queries import ending_soon, left_alone, people_alike
from tongxin.consent.requests import requests_in
from tongxin.people.access import needs
from tongxin.people.forms import refuse
from tongxin.people.models import Person
from tongxin.people.phones import masked
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal
from tongxin.residents import queries
from tongxin.residents.actions import link_telephone
from tongxin.residents.forms import CodeForm
from tongxin.residents.forms_desk import (
    EraseOnPaperForm,
    FindForm,
    FullWithdrawalForm,
    LinkForm,
    NewPersonForm,
    PersonForm,
    SheetForm,
    WithdrawalForm,
)
from tongxin.residents.signing_in import (
    forget_phone,
    lane_waiting,
    phone_waiting,
    send_code,
    words_to_take_over,
)


@needs(Permission.PERSONS_ENTER)
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Find one person; and who has been left alone, or whose permission soon ends.

    What is typed comes in the body, so that no address holds a name.
    """
    now = timezone.now()
    form = FindForm(request.POST or None)
    found: list[Person] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.search_people(form.cleaned_data["text"], by=request.user, at=now)
        except Refusal as refusal:
            refuse(form, refusal)
    facts = {
        "form": form,
        "found": found,
        "alone": left_alone(request.user, at=now),
        "soon": ending_soon(request.user, at=now),
    }
    return render(request, "residents/desk/people.html", facts)


@needs(Permission.PERSONS_ENTER)
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """A new person with their first sheet; who may be the same is shown before it is saved."""
    now = timezone.now()
    body = request.user.organisation
    asked = requests_in(body.place_id) if body else []
    form = NewPersonForm(request.POST or None, requests=asked)
    alike: list[Person] = []
    if request.method == "POST" and form.is_valid():
        facts = form.person()
        alike = people_alike(request.user, name=facts["name"], born_on=facts["born_on"], at=now)
        if not alike or "is_new" in request.POST:
            try:
                person = actions.enter_person(
                    **facts,
                    allowed=form.allowed(),
                    signature=form.signature(),
                    by=request.user,
                    at=now,
                )
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                return _saved(request, person)
    facts = {"form": form, "alike": alike, "place": body and body.place}
    return render(request, "residents/desk/enter.html", facts)


def _saved(request: HttpRequest, person: Person) -> HttpResponse:
    """To the record, where the sheet lets this officer see it."""
    if queries.is_visible(request.user, person, at=timezone.now()):
        messages.success(request, gettext("Saved."))
        return redirect("desk_person", person.pk)
    text = gettext(
        "Saved. The sheet does not let your committee see the record, so it is not shown."
    )
    messages.success(request, text)
    return redirect("desk_people")


@needs(Permission.PERSONS_ENTER)
@never_cache
@require_safe
def one(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person; the reading goes into the trail."""
    now = timezone.now()
    try:
        person = actions.read_record(person_id, purpose=Purpose.MONITORING, by=request.user, at=now)
    except actions.NoSuchRecord as refusal:
        raise Http404 from refusal
    facts = {
        "person": person,
        "phone": masked(person.phone) if person.phone else "",
        "grants": queries.grants_to(request.user.organisation, person, at=now),
        "proxies": queries.proxies_of(person, at=now),
        "has_account": queries.has_account(person),
    }
    return render(request, "residents/desk/person.html", facts)


@needs(Permission.PERSONS_ENTER)
@never_cache
def sheet(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Another sheet that the person signed: permissions anew, or who acts for them."""
    person = _visible_or_404(request, person_id)
    form = SheetForm(request.POST or None, requests=requests_in(person.place_id))
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_sheet(
                person_id,
                allowed=form.allowed(),
                signature=form.signature(),
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _saved(request, person)
    title = gettext("Enter a signed sheet")
    return _form(request, person, form, title, gettext("Save"))


@needs(Permission.PERSONS_ENTER)
@never_cache
def withdrawal(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What the person has withdrawn in writing."""
    person = _visible_or_404(request, person_id)
    form = WithdrawalForm(request.POST or None, requests=requests_in(person.place_id))
    if request.method == "POST" and form.is_valid():
        try:
            ended = actions.enter_withdrawal(
                person_id,
                requests=tuple(form.cleaned_data["requests"]),
                ends_proxies=form.cleaned_data["ends_proxies"],
                signature=form.signature(),
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _withdrawn(request, ended)
    title = gettext("Enter a withdrawal")
    return _form(request, person, form, title, gettext("Withdraw"))


@needs(Permission.PERSONS_ENTER)
@never_cache
def full_withdrawal(request: HttpRequest) -> HttpResponse:
    """The same for somebody whom the officer does not find; the record is not shown."""
    form = FullWithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ended = actions.enter_full_withdrawal(
                name=said["name"],
                born_on=said["born_on"],
                number=said["number"],
                signature=form.signature(),
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _withdrawn(request, ended)
    return render(request, "residents/desk/full_withdrawal.html", {"form": form})


def _withdrawn(request: HttpRequest, ended: int) -> HttpResponse:
    text = ngettext(
        "Withdrawn: %(count)d permission has ended. From this minute nobody there sees it.",
        "Withdrawn: %(count)d permissions have ended. From this minute nobody there sees it.",
        ended,
    )
    messages.success(request, text % {"count": ended})
    return redirect("desk_people")


@needs(Permission.PERSONS_ENTER)
@never_cache
def details(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Correct what was typed wrong, or has changed."""
    person = _visible_or_404(request, person_id)
    names = ("name", "born_on", "street", "document", "document_number")
    form = PersonForm(request.POST or None, initial={name: getattr(person, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_correction(
                person_id, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("desk_person", person_id)
    return _form(request, person, form, gettext("Correct the details"), gettext("Save"))


@needs(Permission.PERSONS_ENTER)
@never_cache
def telephone(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The person has got a telephone: a code goes to it."""
    person = _visible_or_404(request, person_id)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send_code(
                request,
                form.cleaned_data["phone"],
                use=take_over_use(person),
                say=words_to_take_over,
                at=timezone.now(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect("desk_person_code", person_id)
    title = gettext("The person has got a telephone")
    return _form(request, person, form, title, gettext("Send them a code"))


@needs(Permission.PERSONS_ENTER)
@never_cache
def telephone_code(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The code as its owner read it out; then the record is theirs."""
    person = _visible_or_404(request, person_id)
    use = take_over_use(person)
    phone = phone_waiting(request, use)
    if phone is None:
        return redirect("desk_person_telephone", person_id)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, lane = form.cleaned_data["code"], lane_waiting(request, use)
        try:
            link_telephone(person, phone, code, lane=lane, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            forget_phone(request, use)
            messages.success(request, gettext("Saved. The person signs in with this number now."))
            return redirect("desk_person", person_id)
    return _form(request, person, form, gettext("Ask them for the code"), gettext("Save"))


@needs(Permission.PERSONS_ENTER)
@never_cache
def erase(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask once more; then the proof, to be given to the person."""
    person = _visible_or_404(request, person_id)
    form = EraseOnPaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            line = actions.erase_on_paper(person_id, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return render(request, "residents/desk/erased.html", {"line": line})
    return _form(request, person, form, gettext("Erase the record"), gettext("Erase"))


def _visible_or_404(request: HttpRequest, person_id: UUID) -> Person:
    person = Person.objects.filter(pk=person_id).select_related("place").first()
    if person is None or not queries.is_visible(request.user, person, at=timezone.now()):
        raise Http404
    return person


def _form(
    request: HttpRequest, person: Person, form: object, title: str, submit: str
) -> HttpResponse:
    facts = {"person": person, "form": form, "title": title, "submit": submit}
    return render(request, "residents/desk/form.html", facts)
