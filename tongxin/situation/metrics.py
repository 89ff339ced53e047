"""What is counted: the metrics, defined in both languages in `metrics.toml`."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from tongxin.data_files import Reviewed, StrictRecord, read_record

METRICS = Path(__file__).with_name("metrics.toml")


class Metric(StrictRecord):
    """One metric: its code, its words, and how its figures behave.

    kind: cumulative (a total since the start), current (how many now) or daily (how many that
    day). sums: whether the children's figures add up to the parent's. higher_is: worse, better
    or neutral, for the wording and colour of a change.
    """

    code: str
    name_en: str
    name_zh: str
    definition_en: str
    definition_zh: str
    source: str
    source_on: date | None = None
    kind: Literal["cumulative", "current", "daily"]
    unit: Literal["persons", "tests", "outbreaks"]
    sums: bool
    higher_is: Literal["worse", "better", "neutral"]

    def name(self, language: str) -> str:
        """The metric's name in "zh…" or any other language (English)."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def definition(self, language: str) -> str:
        """The metric's definition in "zh…" or any other language (English)."""
        return self.definition_zh if language.startswith("zh") else self.definition_en


class MetricFile(Reviewed):
    """The file's shape."""

    metric: tuple[Metric, ...]

    @model_validator(mode="after")
    def no_code_twice(self) -> "MetricFile":
        """Refuses two metrics of one code."""
        codes = [metric.code for metric in self.metric]
        if len(set(codes)) != len(codes):
            raise ValueError("a metric's code stands twice")
        return self


@lru_cache(maxsize=8)
def metrics(path: Path = METRICS) -> dict[str, Metric]:
    """Metrics by code, in the order pages show them. Raises `BrokenData`.

    >>> metrics()["confirmed"].kind, metrics()["active"].name("zh-hans")
    ('cumulative', '现有确诊')
    """
    return {metric.code: metric for metric in read_record(path, MetricFile).metric}


def codes_of(kind: str) -> frozenset[str]:
    """The codes of the metrics of a kind.

    >>> "deaths" in codes_of("cumulative"), "active" in codes_of("cumulative")
    (True, False)
    """
    return frozenset(code for code, metric in metrics().items() if metric.kind == kind)
