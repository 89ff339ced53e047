"""The command `tongxin`: found from any folder, quick to help, never a traceback for a mistake."""

import os
import re
import socket
import subprocess
import sys
import time

import pytest

from tongxin import cli


def tongxin(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "tongxin", *words],
        cwd="/",
        env={**os.environ, "TONGXIN_LANGUAGE": "en", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_our_commands_and_hides_djangos():
    shown = tongxin("--help")
    assert shown.returncode == 0
    for name in ("run", "import", "publish", "worker", "audit", "places", "nginx-config"):
        assert f"\n  {name} " in shown.stdout
    assert "makemigrations" not in shown.stdout


def test_every_command_is_listed_with_a_line():
    assert [name for name, line in cli.commands().items() if not line] == []


def test_help_is_instant():
    begin = time.process_time()
    cli.overview()
    assert time.process_time() - begin < 0.5


def test_an_unknown_command_is_named():
    answer = tongxin("imprt")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "“imprt”" in answer.stderr


def test_a_word_too_many_is_a_usage_error():
    answer = tongxin("run", "fast")
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: tongxin run")


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"PORT": "eighty"}, "PORT must be a number"),
        ({"DATABASE_URL": "mysql://u@h/t"}, "postgres://"),
        ({"TONGXIN_HOME": "/proc/nowhere"}, "/proc/nowhere"),
    ],
    ids=["port", "database", "home"],
)
def test_what_cannot_be_run_is_refused_in_words(tmp_path, environment, reason):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    answer = tongxin("run", **{"TONGXIN_HOME": str(tmp_path), "PORT": port, **environment})
    assert answer.returncode == 1
    assert reason in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_terminal_speaks_chinese_where_its_owner_does(monkeypatch):
    monkeypatch.setenv("TONGXIN_LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert cli.language() == "zh-hans"
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert cli.language() == "en"


@pytest.mark.parametrize(
    ("address", "seconds"), [("https://fever.example", 31_536_000), ("http://localhost:8000", 0)]
)
def test_browsers_keep_to_encryption_where_the_address_has_it(tmp_path, address, seconds):
    shown = subprocess.run(
        [sys.executable, "-c", "from tongxin import settings; print(settings.SECURE_HSTS_SECONDS)"],
        env={**os.environ, "PUBLIC_URL": address, "TONGXIN_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(shown.stdout) == seconds


@pytest.mark.parametrize(
    "words",
    [
        ["import"],
        ["accounts"],
        ["accounts", "add"],
        ["places", "load"],
        ["releases", "name"],
        ["publish"],
        ["replay"],
        ["worker"],
        ["restore"],
    ],
    ids=" ".join,
)
def test_a_commands_help_is_chinese_throughout(words):
    shown = tongxin(*words, "--help", TONGXIN_LANGUAGE="zh").stdout
    assert shown.startswith("用法：tongxin")
    assert re.findall(r"[a-z]{2,}(?: [a-z]{2,}){3,}", shown) == []
