"""Accounts come from a file; what is wrong in it is named without its secrets."""

import pytest

from tongxin.channels.wechat.accounts import account, accounts, simulated
from tongxin.channels.wechat.refusals import BadAccount, NoSuchAccount
from tongxin.channels.wechat.sealing import hash_of, seal, unseal

ENTRY = """
[[account]]
name = "{name}"
kind = "hospital"
title_zh = "人民医院"
title_en = "People's Hospital"
app_id = "wx0123456789"
secret = "very-secret-words"
token = "token123"
aes_key = "{aes_key}"
"""
AES_KEY = "a" * 43


@pytest.fixture
def write(tmp_path, settings):
    def written(*entries):
        file = tmp_path / f"wechat-{len(list(tmp_path.iterdir()))}.toml"
        file.write_text("".join(entries), encoding="utf-8")
        settings.WECHAT_FILE = str(file)

    return written


def test_several_accounts_stand_beside_each_other(write):
    one, two = (ENTRY.format(name=name, aes_key=AES_KEY) for name in ("county", "hospital-1"))
    write(one, two)
    assert list(accounts()) == ["county", "hospital-1"]
    assert account("hospital-1").title("zh-hans") == "人民医院"
    assert account("county").must_encrypt, "open messages are refused unless somebody says so"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "Upper Case", "aes_key": AES_KEY}, "name"),
        ({"name": "county", "aes_key": "short"}, "aes_key"),
    ],
)
def test_what_is_wrong_is_named_without_the_secret(write, given, field):
    write(ENTRY.format(**given))
    with pytest.raises(BadAccount) as refusal:
        accounts()
    assert field in str(refusal.value) and "very-secret" not in str(refusal.value)


def test_two_of_one_name_are_refused(write):
    entry = ENTRY.format(name="county", aes_key=AES_KEY)
    write(entry, entry)
    with pytest.raises(BadAccount):
        accounts()


def test_without_a_file_there_is_an_account_in_development_only(settings):
    settings.WECHAT_FILE = ""
    assert list(accounts()) == ["county"]
    settings.DEVELOPMENT = False
    assert accounts() == {}
    with pytest.raises(NoSuchAccount):
        account("county")


def test_an_account_prints_without_its_secrets():
    one = simulated()
    shown = repr(one)
    assert not any(word in shown for word in (one.secret, one.token, one.aes_key))


def test_what_is_sealed_opens_only_here_and_only_for_its_row(settings, tmp_path):
    sealed = seal(b"openid", about="row 1")
    assert unseal(sealed, about="row 1") == b"openid"
    with pytest.raises(ValueError, match="another"):
        unseal(sealed, about="row 2")
    before = hash_of("county", "rui")
    assert before != hash_of("hospital", "rui"), "nobody is recognised from account to account"
    settings.HOME = tmp_path / "another"
    assert hash_of("county", "rui") != before
    with pytest.raises(ValueError, match="another"):
        unseal(sealed, about="row 1")
