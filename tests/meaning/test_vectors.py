"""What is kept on disk of sentences that were read."""

import shutil

from tongxin.meaning import vectors
from tongxin.meaning.vectors import Vectors
from tongxin.myths import known


def test_a_folder_of_vectors_is_the_same_to_every_process(tmp_path):
    assert Vectors(tmp_path).identity == Vectors(tmp_path).identity != ""


def test_vectors_that_were_removed_are_others_when_they_come_back(tmp_path, monkeypatch):
    before = Vectors(tmp_path).identity
    shutil.rmtree(tmp_path)
    after = Vectors(tmp_path).identity
    monkeypatch.setattr(vectors, "READING", vectors.READING + 1)
    assert len({before, after, Vectors(tmp_path).identity}) == 3


def test_after_make_clean_nobodys_question_waits_for_the_claims_to_be_read(settings, monkeypatch):
    settings.VECTORS = settings.HOME / "build" / "vectors"
    monkeypatch.setattr(known, "phrasings", lambda disease: {})
    monkeypatch.setattr(known, "_vectors", {})
    assert known.read_claims() and known.vectors_of_reports() is not None
    shutil.rmtree(settings.VECTORS)
    monkeypatch.setattr(known, "_vectors", {})  # as in a process that starts afterwards
    assert known.vectors_of_reports() is None
