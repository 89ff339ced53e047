"""How followers are kept private: known by a keyed hash, written to by an encrypted name.

Both keys come from one secret of the installation, made at the first use. Lost, every follower
is lost with it (a backup holds it).
"""

from tongxin.people.sealing import Keyring, Unsealable

WECHAT = Keyring("wechat", "tongxin wechat")


def hash_of(account: str, text: str) -> str:
    """What tells followers and messages of one account apart without naming them."""
    return WECHAT.hash(f"{account}\0{text}", use="hash")


def seal(text: bytes, *, about: str) -> bytes:
    """The text, readable by this installation only, and only for what it was sealed about."""
    return WECHAT.close(text, about=about)


def unseal(sealed: bytes, *, about: str) -> bytes:
    """What `seal` was given.

    Raises:
        ValueError: the key is another one, or the row is not the one it was sealed for.
    """
    try:
        return WECHAT.opened(bytes(sealed), about=about)
    except Unsealable as error:
        raise ValueError("sealed by another installation or for another row") from error
