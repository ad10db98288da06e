"""What is checked of a campaign's images before any is read."""

import pytest
from PIL import Image

from creativity import data
from creativity.campaign.sections import Campaign, Dataset, Sampling, Subsets
from creativity.campaign.validation import resolve
from creativity.families.bayes import Bayes
from creativity.fields import ImpossibleError

ORL = Dataset(name="orl-faces", size=8)


def test_sets_larger_than_the_data_are_refused_before_any_image_is_read(campaign):
    campaign["subsets"] |= {"sizes": [301]}
    with pytest.raises(ImpossibleError, match=r"subsets.sizes: .* of 400 in all"):
        data.check(resolve(campaign, "x"))


def test_groups_that_are_not_known_are_refused(campaign):
    campaign["dataset"] = {"name": "mnist", "size": 8}
    campaign["subsets"] |= {"split": "group"}
    with pytest.raises(ImpossibleError, match=r"subsets.split"):
        data.check(resolve(campaign, "x"))


def test_the_fingerprint_of_a_folder_sees_images_come_go_and_change_but_not_their_age(tmp_path):
    dataset = Dataset(name="image-folder", size=8, path=str(tmp_path))

    def save(name, side):
        Image.new("L", (side, side)).save(tmp_path / name)
        return data.fingerprint(dataset)

    first = save("a.png", 5)
    second = save("b.png", 5)
    assert save("b.png", 900) != second != first
    assert save("b.png", 5) == second
    (tmp_path / "b.png").unlink()
    assert data.fingerprint(dataset) == first
    assert data.fingerprint(ORL) is None


@pytest.fixture
def campaign():
    return {
        "campaign": "test",
        "dataset": {"name": "orl-faces", "size": 8},
        "subsets": {"sizes": [20], "heldout": 40, "reference": 60},
        "denoisers": {"bayes": {"family": "bayes"}},
        "sampling": {"count": 8},
    }


def test_a_target_whose_images_repeat_must_say_so():
    sections = {"subsets": Subsets(sizes=(40,), heldout=40, reference=60), "sampling": Sampling(count=40)}
    denoisers = {"bayes": Bayes(family="bayes")}
    told = Campaign(campaign="a", dataset=Dataset(name="templates", size=8, repeats=True), denoisers=denoisers, **sections)
    data.check(told)
    silent = Campaign(campaign="a", dataset=Dataset(name="templates", size=8), denoisers=denoisers, **sections)
    with pytest.raises(ImpossibleError, match=r"dataset\.repeats: found False; allowed: true"):
        data.check(silent)
