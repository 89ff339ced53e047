"""The catalogs of all apps are joined: one English text has one Chinese one."""

from collections import defaultdict

from tools.messages import folders, is_translated, old_catalog, po_path


def test_the_same_words_are_the_same_in_every_app():
    """Django takes the first it finds. Where two are meant, say which: `pgettext`, `context`."""
    said = defaultdict(lambda: defaultdict(set))
    for app, folder in folders().items():
        for message in old_catalog(po_path(folder)):
            if message.id and is_translated(message):
                said[(str(message.id), message.context)][str(message.string)].add(app)
    assert {words: dict(by) for words, by in said.items() if len(by) > 1} == {}
