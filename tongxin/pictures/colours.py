"""Colours of posters, and how well they can be told apart."""

INK, QUIET, WHITE, PAPER, LINE = "#14242c", "#495e6a", "#ffffff", "#f6f8f8", "#d3dddf"
BRAND, ACCENT, ON_BRAND = "#0b4a58", "#ff9d76", "#d5e6e8"
GOOD, GOOD_GROUND = "#0b6b4f", "#e2f1ea"
BAD, BAD_GROUND = "#9d1c2e", "#fbe6e4"
BAR, CURVE = "#9cc6cb", "#0b5a6a"
WORSE = "#a3260f"

# Ground of the verdict, and the paler tint for words on it.
VERDICTS = {
    "false": (BAD, "#fbdcdc"),
    "misleading": ("#7a4a00", "#fdeccb"),
    "unproven": ("#3c4a7c", "#dfe4f7"),
    "true": (GOOD, "#d8efe4"),
}
LEVELS = {
    "low": (GOOD, "#dff0e8"),
    "medium": ("#7a4a00", "#fdeccb"),
    "high": (BAD, "#fbe1e1"),
}
TONES = {"worse": WORSE, "better": GOOD}


def contrast(one: str, other: str) -> float:
    """The ratio of two colours as WCAG 2 has it: 1 to 21.

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
