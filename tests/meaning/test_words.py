import pytest

from tongxin.meaning.words import same_words, words


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("密切接触者要隔离吗", "密接要居家隔离吗"),
        ("children infected", "infection of kids"),
        ("做核酸检测", "testing"),
        ("打疫苗", "vaccines"),
    ],
)
def test_words_of_one_meaning_are_one_word(one, two):
    assert set(words(one)) & set(words(two))


def test_negation_and_question_words_stay():
    assert "not" in words("is it not safe")
    assert "什么" in words("这是什么")


def test_no_word_stands_in_two_lines_of_the_table():
    from importlib.resources import files

    table = files("tongxin.meaning").joinpath("same_words.txt").read_text(encoding="utf-8")
    every = [w for line in table.splitlines() if not line.startswith("#") for w in line.split()]
    assert sorted(every) == sorted(set(every))
    assert same_words()["口罩"] == "mask"
