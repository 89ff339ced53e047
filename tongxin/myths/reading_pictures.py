"""The text in a picture, read in a process of its own that may fail, swell or hang.

    python -m tongxin.myths.reading_pictures FILE     prints the text

The recogniser (RapidOCR) carries its Chinese and English models in its package.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from tongxin.myths.refusals import (
    NotAPicture,
    NoTextInPicture,
    PicturesNotRead,
    PictureTooLarge,
)

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 24_000_000
MOST_MEMORY = 3 * 1024**3
LONGEST_SIDE = 2400
PATIENCE_S = 25
FORMATS = ("PNG", "JPEG", "WEBP")
SURE_FROM = 0.5
EXIT = {10: NotAPicture, 11: PictureTooLarge, 12: NoTextInPicture}
READS_AS = {refusal: code for code, refusal in EXIT.items()}


def text_of_picture(sent: BinaryIO, size: int) -> str:
    """The text of a picture that somebody sent; nothing of the picture is kept.

    Raises:
        NotAPicture, PictureTooLarge, NoTextInPicture
        PicturesNotRead: the reader is missing, or took too long.
    """
    if size > MOST_BYTES:
        raise PictureTooLarge
    with tempfile.NamedTemporaryFile(prefix="tongxin-picture-") as file:
        file.write(sent.read(MOST_BYTES + 1))
        file.flush()
        command = [sys.executable, "-m", __name__, file.name]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=PATIENCE_S, check=False, cwd=ROOT
            )
        except subprocess.TimeoutExpired as late:
            raise PicturesNotRead from late
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace")
    raise EXIT.get(done.returncode, PicturesNotRead)


ROOT = Path(__file__).resolve().parents[2]


def main(path: str) -> int:
    """Print the text of the picture; the exit status says what went wrong."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_S, PATIENCE_S))
    try:
        lines = lines_of(path)
    except tuple(READS_AS) as refused:
        return READS_AS[type(refused)]
    sys.stdout.buffer.write("\n".join(lines).encode())
    return 0


def lines_of(path: str) -> list[str]:
    """The lines of text, from the top down."""
    pixels = pixels_of(path)
    from rapidocr_onnxruntime import RapidOCR

    found, _ = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)(pixels)
    lines = [text for _, text, sure in found or () if float(sure) >= SURE_FROM]
    if not lines:
        raise NoTextInPicture
    return lines


def pixels_of(path: str):
    """The picture as rows of pixels, not larger than can be read in time."""
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        picture = Image.open(path, formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise PictureTooLarge
        picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as broken:
        raise NotAPicture from broken
    except Image.DecompressionBombError as bomb:
        raise PictureTooLarge from bomb
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.asarray(picture)[:, :, ::-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
