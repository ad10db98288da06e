"""Folders that diffusers saved, as they are looked at while planning: by their files of JSON alone."""

import json

import pytest

from creativity.families.diffusers import Diffusers
from creativity.fields import ImageShape, ImpossibleError

SHAPE = ImageShape(8, 1)
UNET = {"_class_name": "UNet2DModel", "sample_size": 8, "in_channels": 1, "out_channels": 1, "block_out_channels": [8, 16]}
SCHEDULER = {"_class_name": "DDPMScheduler", "num_train_timesteps": 10, "beta_start": 1e-4, "beta_end": 0.02}
SCHEDULER |= {"beta_schedule": "linear", "prediction_type": "epsilon", "trained_betas": None}


def save(folder, unet=UNET, scheduler=SCHEDULER, index=None):
    """As a pipeline where there is an index, as the two parts in one folder elsewhere."""
    places = ("unet/config.json", "scheduler/scheduler_config.json") if index else ("config.json", "scheduler_config.json")
    contents = dict(zip(places, (unet, scheduler), strict=True)) | ({"model_index.json": index} if index else {})
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    (folder / places[0]).with_name("diffusion_pytorch_model.safetensors").write_bytes(b"weights")
    return Diffusers(family="diffusers", path=str(folder))


def said(family, shape=SHAPE):
    with pytest.raises(ImpossibleError) as error:
        family.fingerprint("denoisers.ddpm", shape)
    assert str(error.value).startswith("denoisers.ddpm.path: found ")
    return str(error.value)


def test_both_ways_of_saving_are_known_and_weights_count_by_content(tmp_path):
    flat, pipeline = save(tmp_path / "flat"), save(tmp_path / "pipeline", index={"_class_name": "DDPMPipeline"})
    before = flat.fingerprint("x", SHAPE)
    assert before == pipeline.fingerprint("x", SHAPE)
    (tmp_path / "flat").rename(tmp_path / "moved")
    moved = Diffusers(family="diffusers", path=str(tmp_path / "moved"))
    assert moved.fingerprint("x", SHAPE) == before
    (tmp_path / "moved/diffusion_pytorch_model.safetensors").write_bytes(b"others")
    assert moved.fingerprint("x", SHAPE) != before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"_class_name": "UNet2DConditionModel"}, "a UNet2DConditionModel'; allowed: a UNet2DModel"),
        ({"sample_size": 16}, "a UNet for images of side 16'; allowed: one for dataset.size = 8"),
        ({"sample_size": [8, 16]}, "side [8, 16]'; allowed: one for dataset.size = 8"),
        ({"sample_size": None, "block_out_channels": [8] * 5}, "halves the side 4 times'; allowed: one for dataset.size = 8"),
        ({"in_channels": 3}, "from 3 to 1 channels'; allowed: 1 and 1, by dataset.color"),
        ({"out_channels": 2}, "from 1 to 2 channels'; allowed: 1 and 1, by dataset.color"),
        ({"num_class_embeds": 10}, "a UNet2DModel with classes"),
        ({"class_embed_type": "timestep"}, "a UNet2DModel with classes"),
        ({"time_embedding_type": "fourier"}, "time_embedding_type fourier'; allowed: positional"),
    ],
)
def test_a_unet_that_cannot_work_is_told(change, words, tmp_path):
    assert words in said(save(tmp_path, unet=UNET | change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"beta_schedule": "sigmoid"}, "a DDPMScheduler with beta_schedule sigmoid'; allowed: beta_schedule linear, scaled_linear"),
        (
            {"prediction_type": "flow_prediction"},
            "prediction_type flow_prediction'; allowed: prediction_type epsilon, sample, v_pred",
        ),
        ({"trained_betas": [0.1]}, "with trained_betas"),
        ({"rescale_betas_zero_snr": True}, "with rescale_betas_zero_snr"),
        ({"beta_schedule": None}, "with beta_schedule None"),
    ],
)
def test_a_schedule_that_is_not_known_is_told(change, words, tmp_path):
    assert words in said(save(tmp_path, scheduler=SCHEDULER | change))


def test_what_is_no_saved_model_is_told(tmp_path):
    assert "there is no such folder" in said(Diffusers(family="diffusers", path=str(tmp_path / "no")))
    assert "config.json'; allowed: a folder of save_pretrained with this file" in said(
        Diffusers(family="diffusers", path=str(tmp_path))
    )
    assert "with a vqvae'; allowed: a model of the pixels" in said(save(tmp_path / "ldm", index={"unet": [], "vqvae": []}))
    family = save(tmp_path / "empty")
    (tmp_path / "empty/diffusion_pytorch_model.safetensors").unlink()
    assert "a folder with the UNet's weights" in said(family)
    (tmp_path / "empty/config.json").write_text("{")
    assert "a file of JSON" in said(family)
