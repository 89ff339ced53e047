import os

import pytest

from tongxin.releases.makers import SITE, makers


def test_what_draws_a_page_is_known_by_what_it_says(tmp_path):
    worker = tmp_path / "worker.js"
    without = makers(["releases/site.py"], worker)
    worker.write_text("one")
    one = makers(["releases/site.py"], worker)
    worker.write_text("two")
    os.utime(worker, (1, 1))
    assert len({without, one, makers(["releases/site.py"], worker)}) == 3
    assert makers(["releases/*.py"], worker) != makers(["releases/site.py"], worker)


def test_nothing_is_drawn_anew_because_a_file_was_only_touched(tmp_path):
    worker = tmp_path / "worker.js"
    worker.write_text("one")
    before = makers([], worker)
    os.utime(worker, (1, 1))
    assert makers([], worker) == before


@pytest.mark.parametrize("name", SITE)
def test_pages_are_drawn_anew_when_a_setting_they_name_changes(name, settings):
    before = makers([])
    setattr(settings, name, "another" if name != "TIME_ZONE" else "Asia/Urumqi")
    assert makers([]) != before
