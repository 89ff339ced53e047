"""Write .br and .gz beside the static files of ours: `compress.py STATIC FOLDER…`.

The web server sends them as they are; foreign files (the editors' desk) it compresses itself.
"""

import gzip
import os
import sys
from pathlib import Path

import brotli

TEXT = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".wasm", ".xml"}
WORTH_IT = 1024


def main(static: Path, sources: list[Path]) -> None:
    """Compress in `static` what came from `sources`."""
    for source in sources:
        for inner, _folders, names in os.walk(source):
            for name in names:
                compress(static / Path(inner, name).relative_to(source))


def compress(file: Path) -> None:
    """Write the compressed twins of a text file, with its time so that a cache sees one file."""
    if file.suffix not in TEXT or not file.exists() or file.stat().st_size < WORTH_IT:
        return
    content, when = file.read_bytes(), file.stat().st_mtime_ns
    for suffix, packed in ((".br", brotli.compress(content)), (".gz", gzip.compress(content))):
        twin = file.with_name(file.name + suffix)
        twin.write_bytes(packed)
        os.utime(twin, ns=(when, when))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])
