"""Everything the build checks, pytest last: `check.py [--quick] [words for pytest]`.

All checks run even if one fails; the exit code is 0 only if all passed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUICK = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "--quiet", "."),
    ("lint-imports", "--no-logo"),
)


def main(words: list[str]) -> int:
    """Run the checks; how many failed."""
    os.chdir(ROOT)
    checks = [[str(BIN / name), *rest] for name, *rest in QUICK]
    if "--quick" not in words:
        require_browser()
        checks.append([str(BIN / "pytest"), "-n", "2", "--dist", "loadgroup", *words])
    failed = []
    for command in checks:
        print("·", " ".join([Path(command[0]).name, *command[1:]]), flush=True)
        if subprocess.run(command, check=False).returncode != 0:
            failed.append(Path(command[0]).name)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def require_browser() -> None:
    """A Chromium for the journeys: found, or installed where we may."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.exit(
            "The browser journeys need Chromium. Install it and try again; "
            "on Debian: sudo apt-get install chromium"
        )
    print("· apt-get install chromium", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "--yes", "--no-install-recommends", "-qq", "chromium"]
    for command in ([apt, "update", "-qq"], install):
        done = subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            sys.exit(f"This failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
