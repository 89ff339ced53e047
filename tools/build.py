"""Build what `make run` needs: environment, browser bundle, translations, outlines, static files.

Plain Python 3.11, because nothing is installed yet. Each step is stamped with the hash of what it
reads, so a second run costs a second. Works in folders with spaces and any letters in their path.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
FRONTEND = ROOT / "frontend"
OLDEST_NODE = 20
DJANGO = [PYTHON, "-m", "django"]  # for commands that need no database


def main() -> None:
    """Do every step whose inputs have changed."""
    os.chdir(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongxin.settings"
    environment()
    if (FRONTEND / "package.json").exists():
        browser_bundle()
    translations()
    outlines()
    static_files()


def environment() -> None:
    """`.venv` with what requirements.lock names, and this checkout in it."""
    if not _belongs_here():
        _say("Making .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        done = subprocess.run([sys.executable, "-m", "venv", VENV], check=False)
        if done.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit(
                "Python's venv module does not work here. "
                "On Debian or Ubuntu: apt-get install python3-venv"
            )
    files = [ROOT / "requirements.lock", ROOT / "pyproject.toml"]
    with Step("environment", files, [sys.version]) as due:
        if due:
            _say("Installing the packages of requirements.lock")
            pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            _run([*pip, "--require-hashes", "-r", "requirements.lock"])
            _run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."])


def browser_bundle() -> None:
    """`frontend/dist`, built by Vite from the locked packages of npm."""
    npm = shutil.which("npm")
    if npm is None or _node_version() < OLDEST_NODE:
        sys.exit(
            f"Node.js {OLDEST_NODE} or newer with npm is needed to build the pages' scripts. "
            "See https://nodejs.org, or your system's packages nodejs and npm."
        )
    locks = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    with Step("npm", locks, [str(_node_version())], FRONTEND / "node_modules") as due:
        if due:
            _say("Installing the packages of frontend/package-lock.json")
            _run(
                [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier"],
                cwd=FRONTEND,
            )
    sources = [file for file in _files(FRONTEND) if not _is_built(file)]
    with Step("vite", sources, [], FRONTEND / "dist") as due:
        if due:
            _say("Building the browser bundle")
            _run([npm, "run", "--silent", "build"], cwd=FRONTEND)


def translations() -> None:
    """The `.mo` file beside every `.po` file."""
    catalogues = sorted((ROOT / "tongxin").rglob("*.po"))
    tool = ROOT / "tools" / "messages.py"
    if not all(file.with_suffix(".mo").exists() for file in catalogues):
        (STAMPS / "translations").unlink(missing_ok=True)
    with Step("translations", [*catalogues, tool], []) as due:
        if due and tool.exists():
            _say("Compiling the translations")
            _run([PYTHON, tool, "--compile"])


def outlines() -> None:
    """`tongxin/places/built`: outlines of countries and of China, from two packages of npm."""
    places = ROOT / "tongxin" / "places"
    china = FRONTEND / "node_modules" / "echarts" / "map" / "json"
    world = FRONTEND / "node_modules" / "world-atlas" / "countries-50m.json"
    inputs = [FRONTEND / "package-lock.json", *places.glob("*.py"), *places.glob("data/*.csv")]
    with Step("outlines", inputs, [], places / "built") as due:
        if due:
            _say("Drawing the outlines of countries, provinces and prefectures")
            _run([*DJANGO, "places", "build-boundaries", "--echarts", china, "--world", world])


def static_files() -> None:
    """`build/static`: gathered from every app, ours compressed once instead of at each visit."""
    ours = [FRONTEND / "dist", *sorted((ROOT / "tongxin").glob("*/static"))]
    inputs = [file for folder in ours for file in _files(folder)]
    with Step("static", [*inputs, ROOT / "requirements.lock"], [], ROOT / "build/static") as due:
        if due:
            _say("Gathering the static files")
            _run([*DJANGO, "collectstatic", "--no-input", "--clear", "--verbosity", "0"])
            _run([PYTHON, ROOT / "tools" / "compress.py", ROOT / "build" / "static", *ours])


class Step:
    """A step that is due when its inputs differ from those of the last time it succeeded."""

    def __init__(
        self, name: str, files: Iterable[Path], words: list[str], result: Path | None = None
    ) -> None:
        self.stamp = STAMPS / name
        self.result = result
        self.digest = _digest(files, words)

    def __enter__(self) -> bool:
        made = self.result is None or self.result.exists()
        return not (made and self.stamp.exists() and self.stamp.read_text() == self.digest)

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            STAMPS.mkdir(parents=True, exist_ok=True)
            self.stamp.write_text(self.digest)


def _digest(files: Iterable[Path], words: list[str]) -> str:
    """A hash of names and contents; of a missing file, of its name alone."""
    whole = hashlib.sha256("\0".join([str(ROOT), *words]).encode())
    for file in sorted(files):
        whole.update(f"\0{file}\0".encode(errors="surrogateescape"))
        if file.exists():
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _belongs_here() -> bool:
    """Whether `.venv` works and was made in this folder: a copied one points to the old place."""
    try:
        made_for = (VENV / "bin" / "activate").read_text(encoding="utf-8", errors="replace")
        alive = subprocess.run([PYTHON, "-c", "import pip"], check=False, capture_output=True)
    except OSError:
        return False
    return str(VENV) in made_for and alive.returncode == 0


def _node_version() -> int:
    """The major version of Node.js; 0 if there is none."""
    try:
        answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _files(folder: Path) -> list[Path]:
    """Every file below, leaving out what npm installs."""
    found = []
    for inner, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "node_modules"]
        found += [Path(inner, name) for name in names]
    return found


def _is_built(file: Path) -> bool:
    return (FRONTEND / "dist") in file.parents


def _run(command: list[object], cwd: Path = ROOT) -> None:
    """Run a step's command; if it fails, that is the end, and its own words say why."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, check=False)
    if done.returncode != 0:
        sys.exit(f"This step failed: {' '.join(str(word) for word in command)}")


def _say(text: str) -> None:
    print(f"{text} …", flush=True)


if __name__ == "__main__":
    main()
