"""Figures in: what was imported, with what became of every line, and a file to bring."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongxin.people.access import needs
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal
from tongxin.situation.actions.figures import Report, import_figures
from tongxin.situation.forms import UploadForm
from tongxin.situation.importers import template
from tongxin.situation.models import Batch, Held

SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Permission.FIGURES_IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """The newest imports, and a form for the next one."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"format": "xlsx"})
    if request.method == "POST" and form.is_valid():
        try:
            report = _imported(form, by=request.user)
        except Refusal as refusal:
            form.add_error("file", gettext(refusal.says).format(**refusal.facts))
        else:
            return redirect("desk_import", report.batch)
    batches = Batch.objects.select_related("source").order_by("-pk")[:SHOWN]
    return render(request, "situation/desk/imports.html", {"form": form, "batches": batches})


def _imported(form: UploadForm, *, by: User) -> Report:
    """The report of the uploaded file, which is kept only while it is read."""
    facts = form.cleaned_data
    with tempfile.TemporaryDirectory(prefix="tongxin-import-") as folder:
        path = _written(facts["file"], Path(folder))
        return import_figures(
            path,
            format=facts["format"],
            source=facts["source"].pk if facts["source"] else None,
            disease=settings.DEFAULT_DISEASE,
            known_at=facts["known_at"],
            note=facts["note"],
            by=by,
            at=timezone.now(),
        )


def _written(file: UploadedFile, folder: Path) -> Path:
    path = folder / file.name
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return path


@needs(Permission.FIGURES_IMPORT)
@require_safe
def one_import(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The closing report of one import: no line of the file is unaccounted for."""
    batch = get_object_or_404(Batch.objects.select_related("source"), pk=batch_id)
    waiting = batch.held.filter(state=Held.State.WAITING).count()
    facts = {"batch": batch, "report": batch.report, "waiting": waiting}
    return render(request, "situation/desk/import.html", facts)


@needs(Permission.FIGURES_IMPORT)
@require_safe
def sheet_template(request: HttpRequest) -> HttpResponse:
    """Our sheet, empty, for a county officer to fill in."""
    with tempfile.TemporaryDirectory(prefix="tongxin-sheet-") as folder:
        path = Path(folder) / "tongxin-figures.xlsx"
        template.write(path)
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return response
