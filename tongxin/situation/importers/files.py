"""The first look at a file, before anything reads it: is it whole, is it safe, is it text."""

import codecs
import os
import stat
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tongxin.refusal import Unreadable, noop

MIB = 1 << 20
# A national collector's whole history is 12 MB; ten million tidy figures are about 450 MB.
MAX_MIB = 1024
# Unpacked, a daily snapshot is 0.3 MB; text of figures packs 5 to 60 times, a bomb 1,000 times.
MAX_UNPACKED_MIB = 256
MAX_RATIO = 200
MAX_COLUMNS = 5_000  # the widest real file has 1,147
MAX_LINE_BYTES = MIB
CHUNK = 4 * MIB
OTHER_FORMATS = {
    b"PK\x03\x04": "ZIP / XLSX",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"%PDF": "PDF",
    b"PAR1": "Parquet",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


class NotAFile(Unreadable):
    """A folder, a link, a device or nothing at all."""

    says = noop("{file} is not a plain file. Give the file itself, not a folder or a link to it.")


class TooBig(Unreadable):
    """More bytes than any honest file of figures has."""

    says = noop("{file} is larger than {limit} MB. Split it by year or by province.")


class Bomb(Unreadable):
    """A small packed file that unpacks to an enormous one."""

    says = noop("{file} unpacks to far more than a file of figures would. Ask its sender.")


class CutOff(Unreadable):
    """The end is missing."""

    says = noop("{file} is cut off: its end is missing. Fetch or copy it again.")


class Empty(Unreadable):
    """Nothing in it."""

    says = noop("{file} is empty. Nothing was changed.")


class AnotherFormat(Unreadable):
    """The first bytes belong to another kind of file."""

    says = noop("{file} is {found}, not {expected}. Choose the format it has, or save it as CSV.")


class UnreadableText(Unreadable):
    """No known character set fits."""

    says = noop(
        "{file} is neither UTF-8 nor GB18030 text (near byte {byte}). "
        "In Excel, save it as “CSV UTF-8”."
    )


class NulBytes(Unreadable):
    """Binary rubbish in a text file."""

    says = noop("{file} has a zero byte in line {line}: it is no text file. Fetch it again.")


class LineTooLong(Unreadable):
    """A line no table of figures has."""

    says = noop("Line {line} of {file} is longer than {limit} characters.")


class TooManyColumns(Unreadable):
    """A header no table of figures has."""

    says = noop("{file} has {columns} columns; at most {limit} are read.")


class RaggedLine(Unreadable):
    """A line with more or fewer cells than the header."""

    says = noop(
        "Line {line} of {file} has {cells} cells, the header has {columns}. The file is cut off "
        "or damaged; fetch it again, or mend that line."
    )


class OpenQuote(Unreadable):
    """A quotation mark that never closes swallows the rest of the file."""

    says = noop("{file} ends inside a quotation that began in line {line}. It is cut off.")


def content(path: Path, *, packed: bool = False) -> bytes:
    """The file's bytes, unpacked when ``packed`` is allowed and it is gzip.

    Never follows links and never reads more than the limits above. Raises `Unreadable`.
    """
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_MIB * MIB:
            raise TooBig(file=path.name, limit=MAX_MIB)
        if size == 0:
            raise Empty(file=path.name)
        data = file.read(MAX_MIB * MIB + 1)
    if packed and data.startswith(b"\x1f\x8b"):
        return _unpacked(data, path)
    return data


def text(path: Path, data: bytes, *, expected: str, may_be_chinese: bool = False) -> bytes:
    """``data`` as UTF-8 without a byte order mark. Raises `Unreadable` with what to do."""
    for magic, found in OTHER_FORMATS.items():
        if data.startswith(magic):
            raise AnotherFormat(file=path.name, found=found, expected=expected)
    nul = data.find(b"\0")
    if nul >= 0:
        raise NulBytes(file=path.name, line=data.count(b"\n", 0, nul) + 1)
    wrong_at = _first_not_utf8(data)
    if wrong_at is None:
        return data.removeprefix(codecs.BOM_UTF8)
    if may_be_chinese:
        try:
            return data.decode("gb18030").encode()
        except UnicodeDecodeError as error:
            wrong_at = error.start
    raise UnreadableText(file=path.name, byte=wrong_at)


def require_even_lines(path: Path, data: bytes, *, complete: bool) -> None:
    """Nothing, if every line has as many cells as the first; else a refusal naming the line.

    ``complete`` files are written by a program, so a last line without its end was cut.
    """
    if complete and not data.endswith(b"\n"):
        raise CutOff(file=path.name)
    scan = _Scan(path)
    for start in range(0, len(data), CHUNK):
        scan.take(np.frombuffer(data, np.uint8, min(CHUNK, len(data) - start), start))
    scan.finish()


def _opened(path: Path) -> BinaryIO:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise NotAFile(file=path.name) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFile(file=path.name)
    return os.fdopen(handle, "rb")


def _unpacked(data: bytes, path: Path) -> bytes:
    limit = min(MAX_UNPACKED_MIB * MIB, max(len(data) * MAX_RATIO, MIB))
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, limit)
    except zlib.error as error:
        raise CutOff(file=path.name) from error
    if unpacker.unconsumed_tail:
        raise Bomb(file=path.name)
    if not unpacker.eof:
        raise CutOff(file=path.name)
    return plain


def _first_not_utf8(data: bytes) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), CHUNK):
        try:
            decoder.decode(data[start : start + CHUNK], final=start + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start + error.start
    return None


class _Scan:
    """Counts cells a line, chunk by chunk, minding quotation marks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.columns: int | None = None
        self.line, self.line_bytes, self.cells = 1, 0, 1  # of the line being read
        self.is_quoted = False
        self.quote_line = 1

    def take(self, chunk: np.ndarray) -> None:
        """Look through the next bytes."""
        quotes = (np.cumsum(chunk == ord('"')) + self.is_quoted) & 1
        outside = quotes == 0
        ends = np.flatnonzero((chunk == ord("\n")) & outside)
        commas = np.flatnonzero((chunk == ord(",")) & outside)
        cells = np.diff(np.searchsorted(commas, ends), prepend=0) + 1
        lengths = np.diff(ends, prepend=-1)
        if len(ends):
            cells[0] += self.cells - 1
            lengths[0] += self.line_bytes
            self._judge(cells, lengths)
            self.line += len(ends)
            self.cells = len(commas) - int(np.searchsorted(commas, ends[-1])) + 1
            self.line_bytes = len(chunk) - int(ends[-1]) - 1
        else:
            self.cells += len(commas)
            self.line_bytes += len(chunk)
        if self.line_bytes > MAX_LINE_BYTES:
            raise LineTooLong(file=self.path.name, line=self.line, limit=MAX_LINE_BYTES)
        self.is_quoted = bool(quotes[-1]) if len(quotes) else self.is_quoted

    def _judge(self, cells: np.ndarray, lengths: np.ndarray) -> None:
        if lengths.max() > MAX_LINE_BYTES:
            line = self.line + int(lengths.argmax())
            raise LineTooLong(file=self.path.name, line=line, limit=MAX_LINE_BYTES)
        if self.columns is None:
            self.columns = int(cells[0])
            if self.columns > MAX_COLUMNS:
                raise TooManyColumns(file=self.path.name, columns=self.columns, limit=MAX_COLUMNS)
        uneven = np.flatnonzero((cells != self.columns) & (lengths > 2))
        if uneven.size:
            self._ragged(self.line + int(uneven[0]), int(cells[uneven[0]]))

    def finish(self) -> None:
        """Look at a last line that has no end of line."""
        if self.is_quoted:
            raise OpenQuote(file=self.path.name, line=self.line)
        if self.line_bytes and self.columns not in (None, self.cells):
            self._ragged(self.line, self.cells)

    def _ragged(self, line: int, cells: int) -> None:
        raise RaggedLine(file=self.path.name, line=line, cells=cells, columns=self.columns)
