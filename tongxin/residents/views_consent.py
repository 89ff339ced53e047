from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongxin.consent.actions import (
    NeedsTheirCode,
    add_ward,
    end_proxy,
    give_consent,
    give_consent_by_code,
    join_by_code,
    withdraw_consent,
)
from tongxin.consent.actions.proxies import PROXY_CODE
from tongxin.consent.code_uses import consent_use
from tongxin.consent.models import Grant, Purpose
from tongxin.consent.queries import decides_alone
from tongxin.people.access import own
from tongxin.people.forms import refuse
from tongxin.people.models import Person
from tongxin.people.phones import masked
from tongxin.refusal import Refusal
from tongxin.residents import queries
from tongxin.residents.forms import CodeForm, JoinForm, WardForm, YesForm
from tongxin.residents.own_pages import person_or_404
from tongxin.residents.signing_in import (
    forget_phone,
    lane_waiting,
    phone_waiting,
    send_code,
    words_to_allow,
    words_to_join,
)

RELATION = "relation to join"


@own
@never_cache
@require_safe
def consent(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What is asked and allowed, each purpose by itself; and who acts for the person."""
    person = person_or_404(request, person_id)
    now = timezone.now()
    facts = {
        "person": person,
        "wishes": queries.wishes(person, at=now),
        "others": queries.other_grants(person, at=now),
        "proxies": queries.proxies_of(person, at=now),
        "is_own": person.pk == request.user.person_id,
        "decides_alone": decides_alone(request.user, person, at=now),
        "has_telephone": queries.has_telephone(person),
        "today": timezone.localdate(now),
    }
    return render(request, "residents/consent.html", facts)


@own
@require_POST
def allow(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Allow one thing that is asked; for an adult, with their own yes."""
    person = person_or_404(request, person_id)
    now = timezone.now()
    wish = _wish(person, request.POST.get("purpose", ""), request.POST.get("to", ""))
    form = YesForm(request.POST)
    said_on = form.cleaned_data["said_on"] if form.is_valid() else None
    try:
        if wish.grant is None:
            give_consent(
                person,
                to=wish.organisation,
                purpose=Purpose(wish.asked.purpose),
                until=now + wish.asked.holds_for,
                said_on=said_on,
                by=request.user,
                at=now,
            )
    except NeedsTheirCode:
        return _ask_for_code(request, person, wish)
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
    else:
        messages.success(request, gettext("Allowed. You can withdraw it here any day."))
    return redirect("my_consent", person_id)


def _wish(person: Person, purpose: str, to: str) -> queries.Wish:
    """What is asked of the person under these names, or 404."""
    for wish in queries.wishes(person, at=timezone.now()):
        if (wish.asked.purpose, str(wish.organisation.pk)) == (purpose, to):
            return wish
    raise Http404


def _ask_for_code(request: HttpRequest, person: Person, wish: queries.Wish) -> HttpResponse:
    use = consent_use(person, to=wish.organisation, purpose=wish.asked.purpose)
    me = request.user.person
    say = partial(words_to_allow, who=me.name or masked(me.phone), sentence=wish.sentence)
    try:
        send_code(request, person.phone, use=use, say=say, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
        return redirect("my_consent", person.pk)
    return redirect("my_allow_code", person.pk, wish.asked.purpose, wish.organisation.pk)


@own
@never_cache
def allow_code(request: HttpRequest, person_id: UUID, purpose: str, to: int) -> HttpResponse:
    """The code by which an adult agrees on their own telephone."""
    person = person_or_404(request, person_id)
    wish = _wish(person, purpose, str(to))
    use = consent_use(person, to=wish.organisation, purpose=purpose)
    phone = phone_waiting(request, use)
    if phone is None or wish.grant is not None:
        return redirect("my_consent", person_id)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            give_consent_by_code(
                person,
                form.cleaned_data["code"],
                to=wish.organisation,
                purpose=Purpose(purpose),
                until=now + wish.asked.holds_for,
                lane=lane_waiting(request, use),
                by=request.user,
                at=now,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            forget_phone(request, use)
            messages.success(request, gettext("Allowed. You can withdraw it here any day."))
            return redirect("my_consent", person_id)
    facts = {"form": form, "person": person, "wish": wish, "phone": masked(phone)}
    return render(request, "residents/allow_code.html", facts)


@own
@require_POST
def withdraw(request: HttpRequest, person_id: UUID, grant_id: int) -> HttpResponse:
    """End one permission now."""
    person = person_or_404(request, person_id)
    if not Grant.objects.filter(pk=grant_id, person=person).exists():
        raise Http404
    withdraw_consent(grant_id, by=request.user, at=timezone.now())
    messages.success(request, gettext("Withdrawn. From this minute nobody there sees it."))
    return redirect("my_consent", person_id)


@own
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Somebody without a telephone."""
    form = WardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "has_agreed"}
        try:
            add_ward(**said, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, gettext("Saved. You now act for this person."))
            return redirect("my")
    return render(request, "residents/add.html", {"form": form})


@own
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Somebody with a telephone of their own: it gets a code."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        me = request.user.person
        try:
            who = me.name or masked(me.phone)
            say = partial(words_to_join, who=who)
            phone = form.cleaned_data["phone"]
            send_code(request, phone, use=PROXY_CODE, say=say, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            request.session[RELATION] = form.cleaned_data["relation"]
            return redirect("my_join_code")
    return render(request, "residents/join.html", {"form": form})


@own
@never_cache
def join_code(request: HttpRequest) -> HttpResponse:
    """The code that the other has read out."""
    phone, relation = phone_waiting(request, PROXY_CODE), request.session.get(RELATION, "")
    if phone is None or not relation:
        return redirect("my_join")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            join_by_code(
                phone,
                form.cleaned_data["code"],
                relation=relation,
                lane=lane_waiting(request, PROXY_CODE),
                by=request.user,
                at=now,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            forget_phone(request, PROXY_CODE)
            messages.success(request, gettext("Saved. You now act for this person."))
            return redirect("my")
    return render(request, "residents/join_code.html", {"form": form, "phone": masked(phone)})


@own
@require_POST
def end(request: HttpRequest, proxy_id: int) -> HttpResponse:
    """Nobody acts any more."""
    now = timezone.now()
    proxy = end_proxy(proxy_id, by=request.user, at=now)
    messages.success(request, gettext("Ended. From this minute it no longer holds."))
    if queries.is_alone(proxy.person, at=now):
        text = gettext(
            "Nobody acts for this person now. Tell the community committee, or have somebody "
            "else added: a record that nobody uses ends after a year."
        )
        messages.warning(request, text)
    return redirect("my")
