"""The build's steps: done when their inputs change, in folders of any name, and not otherwise."""

import importlib.util
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def build(tmp_path):
    """tools/build.py as it is in a checkout with a space and Chinese in its path."""
    checkout = tmp_path / "my 同心"
    (checkout / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "build.py", checkout / "tools")
    spec = importlib.util.spec_from_file_location("build", checkout / "tools" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_due(build, source, result=None):
    with build.Step("name", [source], [], result) as due:
        return due


def test_a_step_is_due_once_and_again_when_its_input_changes(build, tmp_path):
    source = tmp_path / "input"
    source.write_text("one")
    assert [is_due(build, source), is_due(build, source)] == [True, False]
    source.write_text("two")
    assert is_due(build, source)


def test_a_step_is_due_when_its_result_has_gone(build, tmp_path):
    source, result = tmp_path / "input", tmp_path / "result"
    is_due(build, source, result)
    assert is_due(build, source, result)
    result.mkdir()
    assert not is_due(build, source, result)


def test_a_step_that_failed_is_due_again(build, tmp_path):
    with pytest.raises(SystemExit), build.Step("name", [], []):
        build._run(["false"])
    assert is_due(build, tmp_path / "input")


def test_an_environment_copied_from_elsewhere_is_not_trusted(build):
    folder = build.VENV / "bin"
    folder.mkdir(parents=True)
    (folder / "activate").write_text(f"VIRTUAL_ENV={ROOT / '.venv'}\n")
    (folder / "python").symlink_to(ROOT / ".venv" / "bin" / "python")
    assert not build._belongs_here()


def test_make_says_what_it_can_make_in_a_folder_of_any_name(tmp_path):
    folder = tmp_path / "a b 同"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shown = subprocess.run(["make", "help"], cwd=folder, capture_output=True, text=True, check=True)
    for target in ("run", "test", "bench", "help", "lock", "fix", "check", "schema", "messages"):
        assert f"make {target} " in shown.stdout


def test_a_machine_without_python_is_told_what_to_install(tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("make", "sh", "echo"):
        (programs / name).symlink_to(shutil.which(name))
    shown = subprocess.run(
        ["make", "run"], cwd=ROOT, env={"PATH": str(programs)}, capture_output=True, text=True
    )
    assert shown.returncode != 0
    assert "Python 3.11 or newer is needed" in shown.stdout


def test_the_build_server_runs_what_everybody_runs():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text().rstrip().endswith("exec make test")
