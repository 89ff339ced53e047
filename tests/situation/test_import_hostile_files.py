"""Files that are refused whole, each with words that say what to do."""

import gzip
import io
import os
import struct
import time
import zipfile

import pytest
from openpyxl import Workbook

from tests.situation.tidy_files import AT
from tongxin.refusal import Unreadable
from tongxin.situation.actions.figures import import_figures
from tongxin.situation.importers import FORMATS, files, sheet, template
from tongxin.situation.models import Batch, Source

TIDY = b"place,metric,date,value\n"
ROW = "荆州市,confirmed,2020-02-01,5\n".encode()
JHU = b"Province/State,Country/Region,Lat,Long,1/22/20\n"
DXY_AREA = b"provinceName,updateTime,province_confirmedCount\n"


def workbook(**cells):
    """The bytes of a sheet with our header and these cells."""
    book = Workbook()
    book.active.append(["place", "metric", "date", "value"])
    for address, value in cells.items():
        book.active[address] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data, name, content, compress=zipfile.ZIP_DEFLATED):
    """The same archive with one part more, or another in its place."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", compress) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return stream.getvalue()


def sheet_xml(body):
    return with_part(workbook(), "xl/worksheets/sheet1.xml", f"<worksheet>{body}</worksheet>")


def elsewhere(name, content, drop="xl/worksheets/sheet1.xml"):
    """A workbook whose only sheet is the part ``name``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            moved = old.read(part).replace(drop.encode(), name.encode())
            if part != drop:
                new.writestr(part, moved)
        new.writestr(name, content)
    return stream.getvalue()


def lying(data):
    """An archive whose directory states a tiny size for a large part."""
    packed = bytearray(with_part(data, "xl/big.xml", b"0" * 3_000_000))
    at = packed.rindex(b"xl/big.xml") - 46
    packed[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(packed)


def rows_of(number):
    """That many empty rows, none of which says its number."""
    return "<row/>" * number


FAR = '<worksheet><sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'
HOSTILE = {
    "empty": ("csv", "a.csv", b"", "empty"),
    "blank lines only": ("csv", "a.csv", b"\n\n\n", "empty"),
    "zero bytes": ("csv", "a.csv", TIDY + b"\0" * 50, "zero byte in line 2"),
    "neither UTF-8 nor Chinese": ("csv", "a.csv", TIDY + b"\xff\xfe\x80\x81\n", "GB18030"),
    "UTF-16": ("csv", "a.csv", "place,metric".encode("utf-16"), "UTF-16"),
    "a sheet called csv": ("csv", "a.csv", workbook(), "ZIP / XLSX"),
    "a line too few cells": ("csv", "a.csv", TIDY + ROW + b"x,y\n", "Line 3 of a.csv has 2 cells"),
    "a line too many cells": ("csv", "a.csv", TIDY + b"a,b,c,d,e\n" + ROW, "Line 2"),
    "cut in a line": ("csv", "a.csv", TIDY + ROW + b"x,confir", "Line 3"),
    "cut in a quotation": ("csv", "a.csv", TIDY + ROW + b'"x,confirmed,2020-02-01,5\n', "cut off"),
    "a formula": ("csv", "a.csv", TIDY + b"=cmd|'/c calc'!A1,confirmed,2020-02-01,5\n", "formula"),
    "a column missing": ("csv", "a.csv", b"place,metric,value\nx,confirmed,5\n", "“date”"),
    "a column twice": ("csv", "a.csv", b"place,metric,date,value,value\n", "two columns"),
    "ten million columns": ("csv", "a.csv", b"," * 10_000_000 + b"\n", "longer than"),
    "many columns": ("csv", "a.csv", b",".join([b"c%d" % n for n in range(9000)]) + b"\n", "9000"),
    "an endless line": ("csv", "a.csv", TIDY + b"x" * 3_000_000, "longer than"),
    "two diseases": (
        "csv",
        "a.csv",
        b"code,metric,date,value,disease\n420000,deaths,2020-02-01,1,covid-19\n"
        b"420000,deaths,2020-02-02,1,influenza\n",
        "several diseases",
    ),
    "a JHU file without its name": ("jhu", "a.csv", JHU + b"a,b,0,0,5\n", "Call it as JHU does"),
    "a JHU file cut": ("jhu", "confirmed.csv", JHU + b"a,b,0,0,5", "cut off"),
    "another table called JHU": ("jhu", "confirmed.csv", TIDY + ROW, "not a JHU"),
    "a day twice": ("jhu", "deaths.csv", JHU[:-1] + b",01-22-2020\na,b,0,0,5,5\n", "not a JHU"),
    "another table called canghailan": ("canghailan", "a.csv", TIDY + ROW, "missing"),
    "half of DXY's columns": ("dxy", "a.csv", DXY_AREA + b"x,2020-01-01,5\n", "missing"),
    "JSON that is cut": ("dxy", "a.json", b'{"results": [{"provinceName": "x"', "cut off"),
    "JSON of another kind": ("dxy", "a.json", b'{"figures": []}', "results"),
    "JSON with areas of another kind": ("dxy", "a.json", b'{"results": [5]}', "results"),
    "JSON that is deep": ("dxy", "a.json", b'{"results":' + b"[" * 200_000, "cut off"),
    "gzip that is cut": ("dxy", "a.json.gz", gzip.compress(b'{"results": []}')[:-9], "cut off"),
    "a gzip bomb": ("dxy", "a.json.gz", gzip.compress(b"0" * 300_000_000), "unpacks"),
    "gzip rubbish": ("dxy", "a.json.gz", b"\x1f\x8b" + b"rubbish" * 9, "cut off"),
    "text called xlsx": ("xlsx", "a.xlsx", TIDY + ROW, "not an .xlsx"),
    "an old or locked sheet": ("xlsx", "a.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "password"),
    "a sheet that is cut": ("xlsx", "a.xlsx", workbook()[:-40], "damaged"),
    "a ZIP of something else": ("xlsx", "a.xlsx", None, "not an .xlsx"),
    "a formula in a sheet": ("xlsx", "a.xlsx", workbook(D2="=1+1"), "formula in D2"),
    "macros": (
        "xlsx",
        "a.xlsx",
        with_part(workbook(), "xl/vbaProject.bin", b"x"),
        "contains macros",
    ),
    "links to other files": (
        "xlsx",
        "a.xlsx",
        with_part(workbook(), "xl/externalLinks/externalLink1.xml", b"<x/>"),
        "from other files",
    ),
    "XML entities": (
        "xlsx",
        "a.xlsx",
        with_part(workbook(), "xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'),
        "not a sheet that",
    ),
    "a zip bomb": (
        "xlsx",
        "a.xlsx",
        with_part(workbook(), "xl/worksheets/sheet2.xml", b"0" * 290_000_000),
        "unpacks",
    ),
    "an archive that lies about sizes": ("xlsx", "a.xlsx", lying(workbook()), "damaged|unpacks"),
    "a cell at the end of the world": ("xlsx", "a.xlsx", workbook(XFD1048576=1), "cell 1048576"),
    "a row at the end of the world": (
        "xlsx",
        "a.xlsx",
        sheet_xml('<sheetData><row r="9999999"><c/></row></sheetData>'),
        "9999999",
    ),
    "an address in single quotes": (
        "xlsx",
        "a.xlsx",
        sheet_xml("<sheetData><row><c t='n' r = 'xfd1048576'><v>1</v></c></row></sheetData>"),
        "cell xfd1048576",
    ),
    "an address with many zeros": (
        "xlsx",
        "a.xlsx",
        sheet_xml('<sheetData><row><c r="A00000000001048576"/></row></sheetData>'),
        "cell A0000",
    ),
    "tags with a prefix": (
        "xlsx",
        "a.xlsx",
        sheet_xml('<x-y:sheetData><x-y:row><x-y:c r="XFD1"/></x-y:row></x-y:sheetData>'),
        "cell XFD1",
    ),
    "a formula with a prefix": (
        "xlsx",
        "a.xlsx",
        sheet_xml("<x:sheetData><x:row><x:c r='B7'><x:f>1</x:f></x:c></x:row></x:sheetData>"),
        "formula in B7",
    ),
    "a sheet in another folder": ("xlsx", "a.xlsx", elsewhere("xl/s.xml", FAR), "cell XFD1"),
    "a sheet called a picture": ("xlsx", "a.xlsx", elsewhere("xl/s.png", FAR), "cell XFD1"),
    "cells without addresses": (
        "xlsx",
        "a.xlsx",
        sheet_xml(f"<sheetData><row>{'<c/>' * 101}</row></sheetData>"),
        "cell 1;",
    ),
    "rows without numbers": (
        "xlsx",
        "a.xlsx",
        with_part(
            workbook(), "xl/s.bin", f"<sheetData>{rows_of(200_001)}</sheetData>", zipfile.ZIP_STORED
        ),
        "cell 200001;",
    ),
    "a sheet in UTF-16": ("xlsx", "a.xlsx", elsewhere("xl/s.bin", FAR.encode("utf-16")), "not a s"),
    "a text in UTF-16": (
        "xlsx",
        "a.xlsx",
        with_part(workbook(), "xl/sharedStrings.xml", "<sst/>".encode("utf-16")),
        "not a sheet that",
    ),
    "an .ods inside": ("xlsx", "a.xlsx", with_part(workbook(), "mimetype", "x"), "not an .xlsx"),
    "a sheet without our header": ("xlsx", "a.xlsx", workbook(A1="colour"), "place"),
}


def written(folder, name, data):
    path = folder / name
    if data is None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("hello.txt", "hello")
        data = stream.getvalue()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_what_to_do(tmp_path, case):
    kind, name, data, says = HOSTILE[case]
    with pytest.raises(Unreadable, match=says):
        FORMATS[kind][0](written(tmp_path, name, data))


@pytest.mark.parametrize("tag", ["<c ", "<x:", "<x:x:", "r=", "r ", "r='", "<f", "</sheetData"])
def test_a_tag_repeated_for_ever_costs_no_time(tmp_path, tag):
    data = elsewhere("xl/s.xml", f"<worksheet><sheetData><row>{tag * 40_000}")
    path = written(tmp_path, "a.xlsx", data)
    before = time.process_time()
    with pytest.raises(Unreadable):
        sheet.read(path)
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/media/image1.png", b"\x89PNG\r\n\0\0<c <f>"),
        ("xl/printerSettings/printerSettings1.bin", "HP LaserJet".encode("utf-16")),
        ("customXml/item1.xml", "<DataMashup/>".encode("utf-16")),
    ],
)
def test_what_a_spreadsheet_program_adds_is_let_through(tmp_path, name, content):
    parsed = sheet.read(written(tmp_path, "a.xlsx", with_part(workbook(), name, content)))
    assert parsed.read == 0


def test_a_list_of_choices_on_another_page_is_no_formula(tmp_path):
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    xml = xml.replace(b"</sheetData>", b"</sheetData><extLst><xm:f>Lists!$A$1</xm:f></extLst>")
    data = with_part(workbook(), "xl/worksheets/sheet1.xml", xml)
    assert sheet.read(written(tmp_path, "a.xlsx", data)).read == 0


@pytest.mark.django_db
def test_a_refused_file_changes_nothing(tmp_path):
    path = written(tmp_path, "a.csv", TIDY + ROW + b"x,y\n")
    with pytest.raises(Unreadable):
        import_figures(path, format="csv", by="tests", at=AT)
    assert not Batch.objects.exists() and not Source.objects.exists()


def test_only_plain_files_are_opened(tmp_path):
    path = written(tmp_path, "a.csv", TIDY + ROW)
    (tmp_path / "link.csv").symlink_to(path)
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("link.csv", "pipe.csv", "nothing.csv", "."):
        with pytest.raises(Unreadable, match="plain file"):
            files.content(tmp_path / name)


def test_a_file_over_the_limit_is_not_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate((files.MAX_MIB + 1) * files.MIB)
    with pytest.raises(files.TooBig, match="1024 MB"):
        files.content(path)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_honest_line_ends_are_read(tmp_path, end):
    rows = [
        b"place,metric,date,value",
        b"x,confirmed,2020-02-01,5",
        b'"a, ""b""",deaths,2020-02-02,6',
    ]
    path = written(tmp_path, "a.csv", (end or b"\n").join(rows) + end)
    assert FORMATS["csv"][0](path).figures["value"].to_list() == [5, 6]


def test_cells_are_counted_alike_wherever_the_chunks_end(tmp_path, monkeypatch):
    data = TIDY + b'"a, ""b""\nc",confirmed,2020-02-01,5\n' + ROW * 30
    path = written(tmp_path, "a.csv", data)
    for size in range(1, 40):
        monkeypatch.setattr(files, "CHUNK", size)
        files.require_even_lines(path, data, complete=True)
        with pytest.raises(files.RaggedLine):
            files.require_even_lines(path, data + b"a,b\n", complete=True)


def test_the_template_is_read_back_as_an_empty_sheet(tmp_path):
    template.write(tmp_path / "t.xlsx")
    parsed = sheet.read(tmp_path / "t.xlsx")
    assert parsed.read == 0


def test_a_filled_sheet_is_read_with_its_row_numbers(tmp_path):
    cells = {"A3": "洪湖市", "B3": "死亡", "C3": "2020年2月1日", "D3": 4.0}
    parsed = sheet.read(written(tmp_path, "a.xlsx", workbook(**cells)))
    assert parsed.figures.select("line", "metric", "value").row(0) == (3, "deaths", 4)
