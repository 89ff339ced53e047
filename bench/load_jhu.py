"""Loading the global series of Johns Hopkins: 843 rows of 1,143 days in three files."""

import tempfile
from pathlib import Path

from bench import files, loading
from bench.rows import Row, Setting


def measure(setting: Setting) -> list[Row]:
    """Time against a bare COPY, and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        found, note = files.jhu(Path(folder), quick=setting.quick)
        return loading.rows("load_jhu", "jhu", found, setting, note)
