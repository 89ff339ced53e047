"""The official accounts of this installation, from a file that WECHAT_FILE names.

[[account]]
name = "county"            # in our address: /wechat/county/
kind = "county"            # or "hospital"
title_zh = "…"             # whose account it is, as residents know it
title_en = "…"
app_id = "wx…"             # the five below from mp.weixin.qq.com; never in a repository
original_id = "gh_…"
secret = "…"
token = "…"
aes_key = "…"              # 43 letters
must_encrypt = true        # refuse plain messages ("safe mode")
templates_a_day = 100000   # what the account may send
letter_template = "…"      # optional: approved forms with two blanks, a title and a text, for
letter_one_time = "…"      # letters to one person; and what the blanks are called
letter_blanks = ["thing1", "thing2"]
"""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tongxin.channels.wechat.crypto import key_of
from tongxin.channels.wechat.refusals import BadAccount, NoSuchAccount
from tongxin.channels.wechat.sealing import hash_of

NAME = r"^[a-z][a-z0-9-]{0,39}$"


@dataclass(frozen=True, slots=True)
class Account:
    """One official account. Its secrets are not shown where it is printed."""

    name: str
    kind: str
    title_zh: str
    title_en: str
    app_id: str
    original_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    must_encrypt: bool
    templates_a_day: int
    letter_template: str = ""
    letter_one_time: str = ""
    letter_blanks: tuple[str, str] = ("thing1", "thing2")

    @property
    def key(self) -> bytes:
        """The key of the envelope."""
        return key_of(self.aes_key)

    def title(self, language: str) -> str:
        """Whose account it is."""
        return self.title_zh if language.startswith("zh") else self.title_en


class _Written(BaseModel):
    """One account of the file."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: str = Field(pattern=NAME)
    kind: str = Field(pattern="^(county|hospital)$")
    title_zh: str = Field(min_length=1, max_length=60)
    title_en: str = Field(min_length=1, max_length=60)
    app_id: str = Field(pattern=r"^[A-Za-z0-9_-]{6,64}$")
    original_id: str = Field(default="", max_length=64)
    secret: str = Field(min_length=8, max_length=128)
    token: str = Field(pattern=r"^[A-Za-z0-9]{3,32}$")
    aes_key: str = Field(pattern=r"^[A-Za-z0-9+/]{43}$")
    must_encrypt: bool = True
    templates_a_day: int = Field(default=100_000, ge=0)
    letter_template: str = Field(default="", max_length=128)
    letter_one_time: str = Field(default="", max_length=128)
    letter_blanks: tuple[str, str] = Field(default=("thing1", "thing2"), strict=False)


def accounts() -> dict[str, Account]:
    """Every account by its name; none where the installation has none.

    Raises:
        BadAccount: the file holds what can be no account.
    """
    if settings.WECHAT_FILE:
        return _read(Path(settings.WECHAT_FILE))
    return {"county": simulated()} if settings.DEVELOPMENT else {}


def account(name: str) -> Account:
    """The account of this name. Raises `NoSuchAccount`."""
    found = accounts().get(name)
    if found is None:
        raise NoSuchAccount(name=name[:40])
    return found


def simulated() -> Account:
    """The account that the simulator knows: made of this installation's own secret."""
    made = hash_of("simulator", "account")
    return Account(
        name="county",
        kind="county",
        title_zh="示范县疾控",
        title_en="Sample county CDC",
        app_id="wx" + made[:16],
        original_id="gh_" + made[16:28],
        secret=hash_of("simulator", "secret")[:32],
        token=hash_of("simulator", "token")[:24],
        aes_key=hash_of("simulator", "key")[:42] + "A",
        must_encrypt=True,
        templates_a_day=100_000,
        letter_template="letter",
    )


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Account]:
    """Read once: a changed file is read when the processes start again."""
    found: dict[str, Account] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("account", []):
        name = str(entry.get("name", "?"))[:40]
        try:
            one = Account(**_Written(**entry).model_dump())
        except ValidationError as error:
            fields = sorted({str(part["loc"][0]) for part in error.errors() if part["loc"]})
            raise BadAccount(name=name, fields=", ".join(fields)) from None
        if one.name in found:
            raise BadAccount(name=name, fields="name")
        found[one.name] = one
    return found
