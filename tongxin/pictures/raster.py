"""A poster as PNG, without a browser."""

import resvg_py


def png(svg: str, *, width: int | None = None) -> bytes:
    """The picture; ``width`` in pixels where it is to be smaller or bigger than drawn.

    No font is looked for: the letters of our posters are paths.

    Raises:
        ValueError: ``svg`` is no picture.
    """
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))
