import pytest

from tongxin.meaning.retrieval import Index
from tongxin.meaning.vectors import Vectors

ANSWERS = {
    "mask": ["出门要戴口罩吗？", "坐地铁不戴口罩行吗", "Do I need a mask outside?"],
    "fever": ["发烧了怎么办？", "体温三十八度要去医院吗", "What should I do about a fever?"],
    "pets": ["猫狗会传染病毒吗", "家里的宠物要隔离吗", "Can my cat catch it from me?"],
    "vaccine": ["打疫苗有副作用吗", "疫苗打几针", "Is the vaccine safe?"],
    "garlic": ["吃大蒜能预防吗", "大蒜水能治病吗", "Does garlic cure it?"],
    "parcels": ["快递上有病毒吗", "收包裹要消毒吗", "Is it safe to receive a package?"],
}


@pytest.fixture(scope="session")
def vectors(tmp_path_factory) -> Vectors:
    return Vectors(tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="session")
def read(vectors):
    """The answers above, read once."""
    index = Index(vectors)
    index.add_all(ANSWERS)
    return index


@pytest.fixture
def index(read) -> Index:
    return read.of_phrases(read.answers)
