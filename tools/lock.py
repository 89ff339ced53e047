"""Write requirements.lock again: every version with its hashes, and no download address."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    ["pip", "compile", "pyproject.toml", "--output-file", "requirements.lock", "--quiet"]
    + ["--extra", "test", "--python-version", "3.11", "--universal", "--generate-hashes"]
    + ["--no-emit-index-url", "--custom-compile-command", "make lock"]
)


def main() -> None:
    """Lock with uv, installed for this one use; pins that still fit are kept."""
    with tempfile.TemporaryDirectory(prefix="tongxin-lock-") as folder:
        venv.create(folder, with_pip=True)
        bin_folder = Path(folder) / "bin"
        subprocess.run([bin_folder / "python", "-m", "pip", "install", "-q", "uv"], check=True)
        subprocess.run([bin_folder / "uv", *COMPILE, *sys.argv[1:]], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
