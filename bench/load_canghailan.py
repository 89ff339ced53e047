"""Loading canghailan's series of China: 170,478 rows of up to four figures."""

import tempfile
from pathlib import Path

from bench import files, loading
from bench.rows import Row, Setting


def measure(setting: Setting) -> list[Row]:
    """Time against a bare COPY, and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        found, note = files.canghailan(Path(folder), quick=setting.quick)
        return loading.rows("load_canghailan", "canghailan", found, setting, note)
