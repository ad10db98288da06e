"""A UNet2DModel that diffusers trained, brought as a denoiser: our Euler steps on DDIM's levels end where DDIM ends."""

import logging

import pytest
import torch
from diffusers import DDIMPipeline, DDIMScheduler, DDPMPipeline, DDPMScheduler, UNet2DModel

from creativity.campaign.sections import Sampling
from creativity.denoisers import build, parameters, receptive_field, trained_levels
from creativity.denoisers.diffusers import OnTable
from creativity.errors import UserError
from creativity.families.diffusers import Diffusers
from creativity.fields import ImageShape
from creativity.sampling.trajectory import descend
from jobs.sample import tell_levels

PREDICTIONS = ("epsilon", "sample", "v_prediction")
SCHEDULES = ("linear", "scaled_linear", "squaredcos_cap_v2")
STEPS = 40  # of training


def unet():
    torch.manual_seed(0)
    blocks = {"block_out_channels": (8, 16), "down_block_types": ("DownBlock2D",) * 2, "up_block_types": ("UpBlock2D",) * 2}
    return UNet2DModel(sample_size=8, in_channels=1, out_channels=1, layers_per_block=1, norm_num_groups=4, **blocks)


def trained(images, prediction, schedule):
    """The training loop of diffusers' own tutorial, for some steps: a UNet and its scheduler."""
    net, scheduler = unet(), DDPMScheduler(beta_schedule=schedule, prediction_type=prediction, clip_sample=False)
    optimiser, random = torch.optim.AdamW(net.parameters(), lr=2e-3), torch.Generator().manual_seed(0)
    for _ in range(STEPS):
        y = images[torch.randint(len(images), (16,), generator=random)]
        eps, t = torch.randn(y.shape, generator=random), torch.randint(1000, (16,), generator=random)
        target = {"epsilon": eps, "sample": y, "v_prediction": scheduler.get_velocity(y, eps, t)}[prediction]
        loss = torch.nn.functional.mse_loss(net(scheduler.add_noise(y, eps, t), t).sample, target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net.eval(), scheduler


def brought(folder, images):
    family = Diffusers(family="diffusers", path=str(folder))
    family.fingerprint("denoisers.ddpm", ImageShape(8, 1))
    return build(family, images)


def ddim(net, scheduler, noise):
    """The samples of diffusers' own DDIM (eta 0) from noise at the table's last level, and the levels that it passes through."""
    own = DDIMScheduler.from_config(scheduler.config, timestep_spacing="trailing", clip_sample=False, set_alpha_to_one=True)
    own.set_timesteps(20)
    x = noise
    with torch.no_grad():
        for t in own.timesteps:
            x = own.step(net(x, t).sample, t, x, eta=0.0).prev_sample
    abar = own.alphas_cumprod[own.timesteps].double()
    return x, torch.cat([((1 - abar) / abar).sqrt(), torch.zeros(1, dtype=torch.float64)])


@pytest.mark.parametrize(("prediction", "schedule"), list(zip(PREDICTIONS, SCHEDULES, strict=True)))
def test_euler_on_ddims_levels_ends_where_ddim_ends(prediction, schedule, images, tmp_path):
    net, scheduler = trained(images, prediction, schedule)
    (DDPMPipeline if prediction == "epsilon" else DDIMPipeline)(net, scheduler).save_pretrained(tmp_path)
    noise = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    expected, sigmas = ddim(net, scheduler, noise)
    x = noise.double() * (1 + sigmas[0] ** 2).sqrt()  # up to 20,000, of which float32 would lose the digits that are asked for
    *_, (_, ours) = descend(brought(tmp_path, images).double(), x, sigmas, Sampling(count=8, sampler="euler"), range(4))
    assert (ours - expected).abs().max() < 1e-4 * max(1, expected.abs().max())


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_at_the_tables_levels_the_denoiser_is_diffusers_prediction_of_the_clean_image(prediction, schedule, images, tmp_path):
    net, scheduler = unet().eval(), DDIMScheduler(beta_schedule=schedule, prediction_type=prediction, clip_sample=False)
    net.save_pretrained(tmp_path)
    scheduler.save_pretrained(tmp_path)
    denoiser = brought(tmp_path, images)
    scheduler.set_timesteps(1000)
    for t in (0, 500, 900):
        abar = scheduler.alphas_cumprod[t]
        sigma = ((1 - abar) / abar).sqrt()
        x = torch.randn(2, 1, 8, 8, generator=torch.Generator().manual_seed(t)) * (1 + sigma**2).sqrt()
        with torch.no_grad():
            out = net(x * abar.sqrt(), torch.tensor(t)).sample
            ours = denoiser(x, sigma.expand(2))
        theirs = scheduler.step(out, t, x * abar.sqrt()).pred_original_sample
        assert (ours - theirs).abs().max() < 2e-4 * theirs.abs().max()


def test_times_lie_between_the_tables_levels_and_end_with_it():
    abar = 1 / (1 + torch.tensor([0.1, 0.2, 0.8]) ** 2)
    table = OnTable(torch.nn.Identity(), abar, "epsilon")
    sigma = torch.tensor([0.1, 0.2, 0.4, 0.8, 0.01, 9.0])
    assert table.times(sigma).tolist() == pytest.approx([0, 1, 1.5, 2, 0, 2], abs=1e-5)
    assert table.trained_levels == pytest.approx((0.1, 0.8), rel=1e-5)


def test_levels_beyond_the_table_are_told(images, tmp_path, caplog):
    unet().save_pretrained(tmp_path)
    DDPMScheduler().save_pretrained(tmp_path)
    denoiser = brought(tmp_path, images)
    assert trained_levels(denoiser) == pytest.approx((0.01, 157.4), rel=1e-3)
    assert receptive_field(denoiser) is None
    assert parameters(denoiser) == sum(p.numel() for p in unet().parameters())
    with caplog.at_level(logging.INFO):
        tell_levels(denoiser, Sampling(count=8, sigma_min=0.02, sigma_max=100.0))
        assert caplog.text == ""
        tell_levels(denoiser, Sampling(count=8, sigma_max=200.0))
    assert "sampling.sigma_min 0.002 to sampling.sigma_max 200: the network knows the noise levels 0.01 to 157" in caplog.text


def test_weights_that_cannot_be_read_are_one_sentence(images, tmp_path):
    unet().save_pretrained(tmp_path)
    DDPMScheduler().save_pretrained(tmp_path)
    (tmp_path / "diffusion_pytorch_model.safetensors").write_bytes(b"broken")
    with pytest.raises(UserError, match="found no readable UNet2DModel") as error:
        brought(tmp_path, images)
    assert "\n" not in str(error.value)
