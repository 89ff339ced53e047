"""The rules of the house, kept by the build rather than by memory."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import get_resolver

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = REPOSITORY / "tongxin"
OURS = [app for app in apps.get_app_configs() if app.name.startswith("tongxin.")]
MODELS = [model for app in OURS for model in app.get_models()]
SOURCES = [p for p in ROOT.rglob("*.py") if "migrations" not in p.parts]
SOURCE_IDS = [str(p.relative_to(ROOT)) for p in SOURCES]
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
TOWER = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]  # top first


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=REPOSITORY, capture_output=True, check=True
    )
    return [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_field_has_a_privacy_class(model):
    """Scrubbing, export, and erasure all read ``Privacy``; a new field must join it."""
    kinds = {k: v for k, v in vars(model.Privacy).items() if not k.startswith("_")}
    assert set(kinds) <= {"identifying", "health", "secret", "open"}
    declared = [name for names in kinds.values() for name in names]
    fields = [f.name for f in model._meta.fields if f.name != "pk"]
    assert sorted(declared) == sorted(fields)


def storey(model):
    return next(i for i, apps in enumerate(TOWER) if model._meta.app_label in apps.split(" | "))


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_the_tower(model):
    for field in model._meta.fields:
        if field.related_model and field.related_model in MODELS:
            assert storey(field.related_model) >= storey(model), field


def action_modules():
    for app in OURS:
        folder = Path(app.path)
        files = [*folder.rglob("actions.py"), *(folder / "actions").glob("[!_]*.py")]
        for file in sorted(files):
            dotted = file.relative_to(ROOT.parent).with_suffix("").parts
            yield import_module(".".join(dotted))


# The trail itself, and machine processes' own bookkeeping: it changes nothing anybody owns.
NOT_DEEDS = {"record", "beat", "note_progress", "claim_job", "settle_job", "run_due_jobs"}
NOT_DEEDS |= {"claim_messages", "settle_sent", "claim_texts", "claim_letters"}
NOT_DEEDS |= {"end_way", "look_again"}  # steps of a letter; how it ends is a deed
DOORS = {"views", "api", "tasks", "admin", "wagtail_hooks", "sign_ins"}


def is_name(node) -> bool:
    return isinstance(node, ast.Name)


def called_by_doors() -> set[str]:
    """Names that views, API, tasks and commands take from action modules."""
    doors = [p for p in SOURCES if {"views", "commands"} & set(p.parts) or p.stem in DOORS]
    doors += [p for p in SOURCES if p.stem.startswith("views_")]
    trees = [ast.parse(p.read_text(encoding="utf-8")) for p in doors]
    found = [node for tree in trees for node in ast.walk(tree)]
    imports = [n for n in found if isinstance(n, ast.ImportFrom) and ".actions" in (n.module or "")]
    named = {alias.name for node in imports for alias in node.names}
    return named | {n.attr for n in found if isinstance(n, ast.Attribute) and is_name(n.value)}


def actions():
    """What a door may call in an action module, and whatever opens a transaction there."""
    called = called_by_doors()
    for module in action_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            writes = name in called or "@transaction.atomic" in inspect.getsource(function)
            if own and writes:
                yield pytest.param(function, id=f"{module.__name__}.{name}")


@pytest.mark.parametrize("action", list(actions()))
def test_every_action_is_signed(action):
    by = inspect.signature(action).parameters.get("by")
    assert action.__name__ in NOT_DEEDS or (by and by.kind is by.KEYWORD_ONLY)


@pytest.mark.parametrize("action", list(actions()))
def test_every_action_reaches_the_trail(action):
    """It records, or it calls something of its own module's reach that does."""
    if action.__name__ not in NOT_DEEDS:
        assert leads_to_record(action, set())


def leads_to_record(function, seen) -> bool:
    if function in seen:
        return False
    seen.add(function)
    body = inspect.unwrap(function)
    names = {n.id for n in ast.walk(ast.parse(inspect.getsource(body).strip())) if is_name(n)}
    attributes = {
        n.attr
        for n in ast.walk(ast.parse(inspect.getsource(body).strip()))
        if isinstance(n, ast.Attribute)
    }
    if "record" in names:
        return True
    space = body.__globals__
    modules = [v for v in space.values() if inspect.ismodule(v)]
    called = [space[n] for n in names if n in space]
    called += [getattr(m, a) for m in modules for a in attributes if ours(getattr(m, a, None))]
    return any(leads_to_record(f, seen) for f in called if ours(f))


def ours(thing) -> bool:
    return inspect.isfunction(thing) and thing.__module__.startswith("tongxin.")


def routes(patterns, prefix=""):
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


def test_every_page_says_who_may_open_it():
    pages = routes(get_resolver().url_patterns)
    ours = [
        (path, view)
        for path, view in pages
        if view.__module__.startswith("tongxin.") and not path.startswith("cms/snippets/")
    ]  # the CMS asks `people.backends` who may; tests/test_matrix.py tries it
    assert ours and [path for path, view in ours if not hasattr(view, "needs")] == []


def test_every_api_operation_says_who_may_call_it():
    from tongxin.api import api

    operations = [
        operation
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    ]
    silent = [
        operation.view_func.__qualname__
        for operation in operations
        if not any(hasattr(auth, "needs") for auth in operation.auth_callbacks)
    ]
    assert operations and silent == []


@pytest.mark.parametrize("path", SOURCES, ids=SOURCE_IDS)
def test_files_stay_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=SOURCE_IDS)
def test_no_file_is_named_for_nothing(path):
    nothing = {"utils", "helpers", "common", "misc", "core", "base", "services", "manager"}
    assert path.stem not in nothing


def test_every_text_is_translated():
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


LOOSE_TEXT = re.compile(r">([^<>{}]*[A-Za-z\u4e00-\u9fff]{3,}[^<>{}]*)<")
OWN_NAMES = {
    "同心",
    "Tongxin",
    "简体中文",
    "English",
    "CSV",
    "JSON",
    "Parquet",
    "Atom",
    "SHA-256",
    "CAP 1.2",
}
TEMPLATES = [
    p
    for p in ROOT.rglob("templates/**/*.html")
    if p.name != "500.html"  # says it in both languages: nothing may be asked of a broken app
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_hold_no_text_outside_translation(path):
    """Every word between tags stands in {% translate %} or {% blocktranslate %}."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    text = re.sub(r"{% blocktrans(late)?.*?{% endblocktrans(late)? %}", "", text, flags=re.S)
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    loose = {found.strip() for found in LOOSE_TEXT.findall(text)}
    assert {w for w in loose if w not in OWN_NAMES} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_keep_to_the_content_security_policy(path):
    """No inline style, no inline handler, no inline script: the policy would drop them."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:", text)
    for script in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in script or "application/" in script


LEAKS = re.compile(rb"/wor[k]/|/roo[t]/|/tm[p]/\w|pythonhoste[d]|registry\.npmj[s]|index-ur[l] ")


def test_nothing_of_a_machine_is_committed():
    """No path of somebody's machine, no registry's host, no download address in a lock."""
    text = [p for p in tracked() if p.suffix not in {".png", ".ico"} and p.is_file()]
    assert [p.name for p in text if LEAKS.search(p.read_bytes())] == []
    for lock in tracked("requirements.lock", "frontend/package-lock.json"):
        assert not re.search(r"\"resolved\"|@ https?://", lock.read_text(encoding="utf-8"))


def test_the_tree_holds_no_unfinished_work():
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|# no" r"qa|type: ig" r"nore")
    python = [p for p in tracked("*.py", "*.ts", "*.html", "*.md") if p.is_file()]
    unfinished = [p.name for p in python if marks.search(p.read_text(encoding="utf-8"))]
    assert unfinished == []


def test_models_and_migrations_agree(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
