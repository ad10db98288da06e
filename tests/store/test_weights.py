"""Files of weights: arrays by name, with facts, the same bytes for the same content, and one sentence for a broken one."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from creativity.store import StoreError
from creativity.store.weights import by_part, in_one, read_facts, read_weights, write_weights


def test_arrays_and_facts_survive_the_disk(tmp_path, rng):
    arrays = {
        "b/weight": rng.normal(size=(2, 3)).astype(np.float32),
        "a": np.arange(4)[::-1],
        "none": np.zeros((0, 2)),
        "one": np.array(3.5),
    }
    write_weights(tmp_path / "w.safetensors", arrays, {"step": 3, "status": "trained", "family": {"dim": None}})
    again = read_weights(tmp_path / "w.safetensors")
    assert list(again) == sorted(arrays)
    for name, array in arrays.items():
        assert np.array_equal(again[name], array)
        assert (again[name].dtype, again[name].shape) == (array.dtype, array.shape)
    assert read_facts(tmp_path / "w.safetensors") == {"step": 3, "status": "trained", "family": {"dim": None}}


def test_the_same_content_gives_the_same_bytes_in_whatever_order_it_comes(tmp_path):
    one, other = {"a": np.zeros(2), "b": np.ones(3)}, {"b": np.ones(3), "a": np.zeros(2)}
    write_weights(tmp_path / "one", one, {"x": 1, "y": 2})
    write_weights(tmp_path / "other", other, {"y": 2, "x": 1})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_broken_file_and_one_of_another_project_are_named(tmp_path):
    broken, foreign = tmp_path / "broken.safetensors", tmp_path / "foreign.safetensors"
    broken.write_bytes(b"nothing")
    save_file({"a": np.zeros(2)}, foreign)
    for path in (broken, tmp_path / "none.safetensors"):
        for read in (read_weights, read_facts):
            with pytest.raises(StoreError, match=f"{path.name}: found no readable weights"):
                read(path)
    assert list(read_weights(foreign)) == ["a"]
    with pytest.raises(StoreError, match=r"foreign.safetensors: found no readable weights of this project"):
        read_facts(foreign)


def test_several_sets_of_weights_are_taken_apart_again():
    parts = {"500": {"first.weight": 1, "first.bias": 2}, "1000": {"first.weight": 3}, "optimiser/0": {"step": 4}}
    assert by_part(in_one(parts)) == parts
