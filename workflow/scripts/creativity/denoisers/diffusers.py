"""The family `diffusers`: a UNet2DModel that was trained elsewhere on a table of noise levels, as a denoiser of all levels."""

from typing import Any

import torch
from torch import Tensor, nn

from creativity.denoisers.checked import check
from creativity.errors import UserError
from creativity.families.diffusers import TABLE, Diffusers
from creativity.fields import ImpossibleError
from creativity.tensors import Images, Sigma


def build(config: Diffusers, images: Images) -> "OnTable":
    """The denoiser of a saved model; of the training images [n, c, h, w] only the shape counts.

    Raises UserError where the weights cannot be read.
    """
    from diffusers import DDPMScheduler, UNet2DModel  # takes seconds

    try:
        folder = config.folder()
    except ImpossibleError as error:
        raise UserError(f"{error}.") from None
    try:
        net = UNet2DModel.from_pretrained(folder.unet, local_files_only=True, low_cpu_mem_usage=False)
    except Exception as error:  # of many kinds, by what is wrong with the file
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"{folder.unet}: found no readable UNet2DModel ({type(error).__name__}: {reason}).") from None
    scheduler: Any = DDPMScheduler(**{option: folder.scheduler_config[option] for option in TABLE})
    denoiser = OnTable(net, scheduler.alphas_cumprod, folder.scheduler_config["prediction_type"]).eval()
    check(denoiser, images, str(folder.unet))
    return denoiser


class OnTable(nn.Module):
    """D(x, sigma) of a network for x_t = sqrt(abar_t) y + sqrt(1 - abar_t) eps, t = 0, 1, ... (Ho et al. 2020).

    x_t = x / sqrt(1 + sigma^2) where sigma^2 = (1 - abar_t) / abar_t. The network is told the t of sigma: between the levels of the
    table it is linear in ln sigma, beyond them (`trained_levels`) it is the first or the last.

    prediction: what the network gives: `epsilon`, D = x - sigma eps; `sample`, D itself; or `v_prediction` (Salimans & Ho 2022),
    v = sqrt(abar) eps - sqrt(1 - abar) y, so that D = (x - sigma sqrt(1 + sigma^2) v) / (1 + sigma^2).
    """

    ln_sigma: Tensor

    def __init__(self, net: nn.Module, alphas_cumprod: Tensor, prediction: str) -> None:
        super().__init__()
        self.net, self.prediction = net, prediction
        abar = alphas_cumprod.double()
        self.register_buffer("ln_sigma", ((1 - abar) / abar).log() / 2)
        self.trained_levels = (float(self.ln_sigma[0].exp()), float(self.ln_sigma[-1].exp()))

    def times(self, sigma: Sigma) -> Sigma:
        """The t of each noise level [b], a real number from 0 to the table's last."""
        at = sigma.double().log().clamp(self.ln_sigma[0], self.ln_sigma[-1])
        above = torch.searchsorted(self.ln_sigma, at).clamp(1, len(self.ln_sigma) - 1)
        low, high = self.ln_sigma[above - 1], self.ln_sigma[above]
        return (above - 1 + (at - low) / (high - low)).to(sigma.dtype)

    def forward(self, x: Images, sigma: Sigma) -> Images:
        level = sigma[:, None, None, None]
        scale = (1 + level**2).sqrt()
        out = self.net(x / scale, self.times(sigma)).sample.to(x.dtype)
        if self.prediction == "epsilon":
            return x - level * out
        return out if self.prediction == "sample" else (x - level * scale * out) / (1 + level**2)
