"""The files that are loaded: the real public ones beside the checkout, or some of their shape."""

import csv
from datetime import date, timedelta
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "figures"
JHU = tuple(f"time_series_covid19_{name}_global.csv" for name in ("confirmed", "deaths"))
JHU += ("time_series_covid19_recovered_global.csv",)
CANGHAILAN = "china_province_city_daily.csv"
FIRST_DAY = date(2020, 1, 22)
COUNTRIES = ("France", "Italy", "Japan", "Kenya", "Nepal", "Norway", "Peru", "Spain", "Turkey")


def jhu(folder: Path, *, quick: bool) -> tuple[list[Path], str]:
    """The three wide files of JHU, and a note when they are not the real ones."""
    real = [SHARED / "jhu" / name for name in JHU]
    if quick and real[0].exists():
        return real[:1], "quick: one of the three files"
    if all(file.exists() for file in real):
        return real, ""
    days = 300 if quick else 1143
    made = [_wide(folder / name, days) for name in JHU[: 1 if quick else 3]]
    return made, "synthetic files of the same layout: the real ones are not beside the checkout"


def canghailan(folder: Path, *, quick: bool) -> tuple[list[Path], str]:
    """The file of China by area and day, and a note when it is not the whole real one."""
    real = SHARED / "canghailan" / CANGHAILAN
    if not real.exists():
        made = _long(folder / CANGHAILAN, 20_000 if quick else 170_478)
        return [made], "a synthetic file of the same layout: the real one is not there"
    if not quick:
        return [real], ""
    part = folder / CANGHAILAN
    with real.open(encoding="utf-8-sig") as lines:
        part.write_text("".join(line for _, line in zip(range(30_001), lines, strict=False)))
    return [part], "quick: the first 30,000 rows"


def _wide(file: Path, days: int) -> Path:
    """A row per country, a column per day, totals that never fall."""
    header = ["Province/State", "Country/Region", "Lat", "Long"]
    on = [FIRST_DAY + timedelta(days=day) for day in range(days)]
    header += [f"{day.month}/{day.day}/{day:%y}" for day in on]
    with file.open("w", newline="", encoding="utf-8") as out:
        write = csv.writer(out).writerow
        write(header)
        for number, country in enumerate(COUNTRIES):
            write(["", country, "0", "0", *((number + 3) * day for day in range(days))])
    return file


def _long(file: Path, rows: int) -> Path:
    """A row per area and day: China as a whole, for as many days as it takes."""
    with file.open("w", newline="", encoding="utf-8") as out:
        write = csv.writer(out).writerow
        write(HEADER)
        for number in range(rows):
            day, area = divmod(number, len(AREAS))
            on = FIRST_DAY + timedelta(days=day % 1500)
            write([on, "中国", "CN", *AREAS[area], "", "", 40 + 7 * day, 0, 6 * day, day // 50])
    return file


HEADER = ["date", "country", "countryCode", "province", "provinceCode", "city", "cityCode"]
HEADER += ["confirmed", "suspected", "cured", "dead"]
AREAS = [("北京市", "110000"), ("上海市", "310000"), ("湖北省", "420000"), ("广东省", "440000")]
