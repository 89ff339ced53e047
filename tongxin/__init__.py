"""Tongxin (同心): a one-stop epidemic-response platform for a county health authority."""

import os

# Several processes share the cores, so threads of the linear algebra only wait for each other:
# one question cost 205 ms of processor with two, 59 with one. Set before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
