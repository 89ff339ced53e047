"""What a file's figures are beside those already known: new, revised, the same, or at odds."""

import polars as pl

KEY = ["series", "about_on"]


def compare(fresh: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Both tables in order of series, day and moment known, with what each fresh row is.

    Args:
        fresh: ``series``, ``about_on``, ``known_at``, ``value`` and any other columns.
        known: the same four columns, every reading of those series and days.

    Returns ``fresh`` and ``known`` together (``is_fresh`` tells) with ``status``:
    ``known`` | ``new`` (nothing was known about that day) | ``revised`` | ``same`` (as the
    figure before it) | ``differs`` (another value said at the very same moment).
    """
    rows = pl.concat(
        [known.with_columns(is_fresh=False), fresh.with_columns(is_fresh=True)], how="diagonal"
    ).sort(*KEY, "known_at", "is_fresh", maintain_order=True)
    follows = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in KEY)
    rows = rows.with_columns(follows=follows.fill_null(value=False))
    is_again = pl.col("value").eq_missing(pl.col("value").shift())
    at_once = pl.col("known_at") == pl.col("known_at").shift()
    rows = rows.with_columns(
        status=pl.when(~pl.col("is_fresh"))
        .then(pl.lit("known"))
        .when(~pl.col("follows"))
        .then(pl.lit("new"))
        .when(is_again)
        .then(pl.lit("same"))
        .when(at_once)
        .then(pl.lit("differs"))
        .otherwise(pl.lit("revised"))
    )
    # Of two values said at one moment neither is believed, unless one is known already.
    is_first_of_two = (pl.col("status").shift(-1) == "differs") & pl.col("is_fresh")
    return rows.with_columns(
        status=pl.when(is_first_of_two.fill_null(value=False))
        .then(pl.lit("differs"))
        .otherwise("status")
    ).drop("follows")
