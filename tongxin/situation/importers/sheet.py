"""The same form as a sheet (.xlsx): what a county officer really has."""

import datetime as dt
import io
import itertools
import re
import zipfile
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from tongxin.refusal import Unreadable, noop
from tongxin.situation.importers import files
from tongxin.situation.importers.parsed import Parsed
from tongxin.situation.importers.tidy import NEEDED, FormulaInCell, NotTidy, columns_of, tidy

MOST_ROWS = 200_000
MOST_COLUMNS = 100
MOST_PARTS = 500
HEADER_WITHIN = 10  # rows; above the header officers put a title
# Every pattern is read in time that grows with the part alone: a hostile part is large.
SHEET = re.compile(rb"<(?:[^<>\s/]*:)?sheetData")
SHEET_END = re.compile(rb"</(?:[^<>\s/]*:)?sheetData")
ROW = re.compile(rb"<(?:[^<>\s/]*:)?row\b")
CELL = re.compile(rb"<(?:[^<>\s/]*:)?c[\s/>]")
FORMULA = re.compile(rb"<(?:[^<>\s/]*:)?f[\s/>]")
ADDRESS = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]*)([0-9]+)")
NEAR = 1_000  # bytes; a formula's cell is named this close before it
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"
# Parts that hold no cells and may be binary or UTF-16 in honest files.
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg")
BESIDE = "customxml/"
OTHER_BOOKS = {"mimetype", "xl/workbook.bin"}  # .ods and .xlsb, which nobody has looked into


class NotASheet(Unreadable):
    """Another file, an old or a locked one."""

    says = noop(
        "{file} is not an .xlsx sheet, or it is damaged or locked with a password. "
        "Save it again as “Excel workbook (.xlsx)” without a password."
    )


class Macros(Unreadable):
    """A program inside."""

    says = noop("{file} contains macros or embedded files. Save it as a plain .xlsx without them.")


class OutsideLinks(Unreadable):
    """Figures that are somewhere else."""

    says = noop("{file} takes cells from other files. Copy them and paste them as values.")


class XmlEntities(Unreadable):
    """A trick to make a small file large, or to read other files."""

    says = noop("{file} is not a sheet that a spreadsheet program has written. Ask its sender.")


class SheetTooLarge(Unreadable):
    """More rows or columns than a sheet of figures has."""

    says = noop(
        "{file} reaches to cell {cell}; at most {rows} rows and {columns} columns are read."
    )


def read(path: Path) -> Parsed:
    """The figures of the workbook's first sheet. Raises `Unreadable`."""
    data = files.content(path)
    _inspect(path, data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise NotASheet(file=path.name) from error
    return tidy(path, _table(path, rows))


def _table(path: Path, rows: list[list[object]]) -> pl.DataFrame:
    """The rows below the header as text, with the row's number as ``line``."""
    heads = [[_text(cell) or "" for cell in row] for row in rows[:HEADER_WITHIN]]
    found = [at for at, row in enumerate(heads) if set(NEEDED) <= set(columns_of(row).values())]
    if not found:
        raise NotTidy(file=path.name, column=NEEDED[0])
    at, headers = found[0], heads[found[0]]
    body = rows[at + 1 :]
    columns = {
        header: pl.Series([_text(row[headers.index(header)]) for row in body], dtype=pl.String)
        for header in columns_of(headers)
    }
    return pl.DataFrame(columns).with_columns(line=pl.int_range(at + 2, at + 2 + len(body)))


def _text(cell: object) -> str | None:
    """A cell as the tidy form would have it."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell) if cell not in (None, "") else None


def _inspect(path: Path, data: bytes) -> None:
    """Look into the archive before anything unpacks it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise files.Bomb(file=path.name)
        _refuse_bomb(path, parts)
        _refuse_active(path, [part.filename.lower() for part in parts])
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names or names & OTHER_BOOKS:
            raise NotASheet(file=path.name)
        for part in parts:
            _inspect_part(path, part.filename.lower(), _unpacked(path, archive, part))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError) as error:
        raise NotASheet(file=path.name) from error


def _refuse_bomb(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if size > files.MAX_UNPACKED_MIB * files.MIB or size > max(packed * files.MAX_RATIO, files.MIB):
        raise files.Bomb(file=path.name)


def _refuse_active(path: Path, names: list[str]) -> None:
    for name in names:
        if "vbaproject" in name or "/activex/" in name or "/embeddings/" in name:
            raise Macros(file=path.name)
        if "/externallinks/" in name:
            raise OutsideLinks(file=path.name)


def _unpacked(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part's bytes; the size that the archive states is not believed."""
    with archive.open(part) as file:
        data = file.read(part.file_size + 1)
    if len(data) > part.file_size:
        raise files.Bomb(file=path.name)
    return data


def _inspect_part(path: Path, name: str, data: bytes) -> None:
    """Look at what is in a part; its name may say anything."""
    text = data.replace(b"\0", b"")
    start = SHEET.search(text)
    if not start and (name.endswith(PICTURES) or name.startswith(BESIDE)):
        return
    is_xml = start or text.lstrip(BEFORE_XML).startswith(b"<")
    if is_xml and len(text) < len(data):  # UTF-16
        raise XmlEntities(file=path.name)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise XmlEntities(file=path.name)
    if start:
        _inspect_cells(path, data[start.start() :])


def _inspect_cells(path: Path, data: bytes) -> None:
    """Refuse formulas and cells beyond the limits; ``data`` starts where the rows do."""
    end = max((found.start() for found in SHEET_END.finditer(data)), default=len(data))
    data = data[:end]
    if formula := FORMULA.search(data):
        at = formula.start()
        near = [found[1] + found[2] for found in ADDRESS.finditer(data, max(0, at - NEAR), at)]
        raise FormulaInCell(file=path.name, cell=near[-1].decode() if near else "?")
    start = number = 0
    for number, row in enumerate(ROW.finditer(data), start=1):
        _inspect_row(path, data[start : row.start()], number - 1)
        start = row.start()
        if number > MOST_ROWS:
            break
    _inspect_row(path, data[start:], number)


def _inspect_row(path: Path, row: bytes, number: int) -> None:
    """Refuse a row that stands, or whose cells stand, beyond the limits."""
    far = next(filter(_is_far, ADDRESS.finditer(row)), None)
    cells = sum(1 for _ in itertools.islice(CELL.finditer(row), MOST_COLUMNS + 1))
    if far or number > MOST_ROWS or cells > MOST_COLUMNS:
        cell = (far[1] + far[2])[:20].decode() if far else str(number)
        raise SheetTooLarge(file=path.name, cell=cell, rows=MOST_ROWS, columns=MOST_COLUMNS)


def _is_far(address: re.Match[bytes]) -> bool:
    letters, digits = address.groups()
    is_low = len(digits) > len(str(MOST_ROWS)) or int(digits) > MOST_ROWS
    return is_low or _column(letters) > MOST_COLUMNS


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - ord("A") + 1
    return number
