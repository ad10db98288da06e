"""What is known before the first job; mistakes are in workflow/test_mistakes.py."""

import pytest
import yaml
from checkout import TINY

from creativity.errors import UserError
from creativity.planning import plan
from creativity.running.demand import Machine


def planned(folder, *configs):
    files = []
    for i, config in enumerate(configs):
        files.append(folder / f"{i}.yaml")
        files[-1].write_text(yaml.safe_dump(config))
    return plan({key: value for config in configs for key, value in config.items()}, files, Machine())


def test_a_campaign_is_completed_estimated_and_its_files_are_hashed(tmp_path):
    (tmp_path / "net.py").write_text("def build(images):\n    return None\n")
    mine = {"family": "module", "file": str(tmp_path / "net.py"), "train": True}
    found = planned(tmp_path, TINY | {"denoisers": TINY["denoisers"] | {"mine": mine}})
    assert found.planned["tiny"].campaign.subsets.sizes == (40, 20)
    assert found.estimates.of("train", {"campaign": "tiny", "subset": "n20-s0", "denoiser": "cnn"}).seconds > 0
    assert set(found.fingerprints["tiny"]) == {*TINY["denoisers"], "mine"}


def test_a_study_is_a_campaign_for_each_target(tmp_path):
    targets = {"small": {"name": "orl-faces", "size": 8}, "large": {"name": "orl-faces", "size": 16}}
    study = {key: value for key, value in TINY.items() if key != "dataset"} | {"targets": targets}
    assert list(planned(tmp_path, study).planned) == ["tiny-small", "tiny-large"]


def test_what_cannot_be_afforded_is_one_sentence_that_names_all_files(tmp_path):
    with pytest.raises(UserError, match=r"0\.yaml, .*1\.yaml: denoisers\.bayes: found 'about .* hours"):
        planned(tmp_path, TINY, {"sampling": TINY["sampling"] | {"max_hours": 1e-9}})


def test_it_is_said_where_too_few_new_images_can_show_no_copy(tmp_path):
    def notes(**subsets):
        return planned(tmp_path, TINY | {"subsets": TINY["subsets"] | subsets, "sampling": {"count": 10}}).planned["tiny"].notes

    assert notes() == notes(heldout=19, sizes=[10]) == notes(split="group", sizes=[19]) == []
    assert [note.partition(";")[0] for note in notes(heldout=18)] == ["subsets.heldout: 18 images"]
    assert [note.partition(";")[0] for note in notes(split="group", sizes=[10, 60])] == [
        "subsets.sizes, with split: group: 10 images"
    ]


def test_it_is_said_how_many_runs_are_planned_with_less(tmp_path):
    def notes(nets, together=False, seeds=(0, 1, 2, 3, 4)):
        denoisers = {f"net-{i}": {"family": "mlp", "width": 4 + i} for i in range(nets)}
        training = TINY["training"] | {"together": together}
        return planned(tmp_path, TINY | {"denoisers": denoisers, "seeds": list(seeds), "training": training}).planned["tiny"].notes

    assert notes(200) == notes(201, together=True) == notes(1001, seeds=(0,)) == []
    (note,) = notes(201)
    assert note.startswith("training.together: found false, with 2,010 trained runs; true plans 5 of them in one job")
