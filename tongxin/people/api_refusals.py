"""How the programming interface says no."""

from ninja import Schema


class Refused(Schema):
    """Why there is no answer, in the language asked for."""

    code: str
    message: str
