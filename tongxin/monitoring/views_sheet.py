"""The committee types in what people wrote on paper: a grid of the street, or pasted lines."""

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongxin.monitoring import actions, queries, sheets
from tongxin.monitoring.forms import SheetForm, in_words, typed
from tongxin.people.access import needs
from tongxin.people.models import Person
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal

MOST_ROWS = 400


@dataclass(slots=True)
class Cell:
    """One person's line of the grid, with what is wrong in it."""

    person: Person
    words: str = ""
    day: str = ""
    trouble: str = ""
    read: sheets.Read | None = field(default=None)


@needs(Permission.LOGS_ENTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """The grid; pasted lines fill it first, and nothing is saved while a line is wrong."""
    now = timezone.now()
    street = typed(request.POST.get("street") or request.GET.get("street", ""), 120)
    rows = queries.watched_by(request.user, at=now, street=street).order_by(
        "person__street", "person__name", "person"
    )
    people = [watch.person for watch in rows[:MOST_ROWS]]
    cells = [
        Cell(
            one,
            *(typed(request.POST.get(f"{name}-{one.pk}", ""), 200) for name in ("words", "day")),
        )
        for one in people
    ]
    form, strangers = SheetForm(request.POST or None), []
    key = request.POST.get("key") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        strangers = _paste(form.cleaned_data["pasted"], cells)
        filled = [cell for cell in cells if cell.words]
        for cell in filled:
            _look(cell, at=now)
        is_clean = filled and not strangers and not any(cell.trouble for cell in filled)
        if is_clean and "save" in request.POST:
            try:
                actions.log_sheet(
                    [_line(cell, key) for cell in filled],
                    by=request.user,
                    language=get_language(),
                    at=now,
                )
            except Refusal as refusal:
                form.add_error(None, in_words(refusal))
            else:
                said = ngettext(
                    "%(count)d line was saved.", "%(count)d lines were saved.", len(filled)
                )
                messages.success(request, said % {"count": len(filled)})
                return redirect("desk_log")
        elif not filled and not strangers:
            form.add_error(None, gettext("Nothing was filled in."))
    facts = {
        "cells": cells,
        "form": form,
        "strangers": strangers,
        "street": street,
        "streets": queries.streets_of(request.user, at=now),
        "key": key,
        "today": timezone.localdate(now),
        "troubles": sum(bool(cell.trouble) for cell in cells) + len(strangers),
        "is_looked_at": request.method == "POST",
    }
    is_wrong = bool(facts["troubles"] or form.errors)
    return render(request, "monitoring/desk/sheet.html", facts, status=422 if is_wrong else 200)


def _paste(text: str, cells: list[Cell]) -> list[str]:
    """Put pasted lines into the grid; what names nobody, or two, is given back in words."""
    typed = sheets.lines(text)
    by_name: dict[str, list[Cell]] = {}
    for cell in cells:
        by_name.setdefault(cell.person.name.strip(), []).append(cell)
    strangers = []
    for line, cell in zip(typed, sheets.matched([t.name for t in typed], by_name), strict=True):
        if cell is None:
            known = len(by_name.get(line.name, ()))
            why = gettext("two people have this name") if known else gettext("nobody of this name")
            strangers.append(
                gettext("Line {number}, “{name}”: {why}.").format(
                    number=line.number, name=line.name[:40], why=why
                )
            )
        else:
            cell.words, cell.day = line.words, line.day
    return strangers


def _look(cell: Cell, *, at) -> None:
    typed = sheets.Typed(0, cell.person.name, cell.words, cell.day)
    cell.read = sheets.read_line(typed, today=timezone.localdate(at))
    if cell.read.trouble:
        cell.trouble = in_words(cell.read.trouble)


def _line(cell: Cell, key: str) -> actions.Line:
    """The key is the page's and the person's, so a page sent twice is taken once."""
    made = uuid.uuid5(uuid.NAMESPACE_URL, f"{key}:{cell.person.pk}:{cell.day}")
    return actions.Line(cell.person, cell.read.said, str(made), cell.read.on)
