"""UNets of two public packages, diffusers and denoising-diffusion-pytorch, with their usual losses, to compare training with."""

from typing import Any

import torch
from denoising_diffusion_pytorch import GaussianDiffusion
from denoising_diffusion_pytorch import Unet as DdpmUnet
from diffusers import DDPMScheduler, UNet2DModel
from torch import Tensor, nn

from creativity.campaign.sections import Training
from creativity.training.trainer import ema_decay

CLIP = 1.0


class Peer:
    """A network in training, with AdamW, clipped gradients and the same moving average of the weights as in `training.trainer`."""

    name: str
    net: nn.Module

    def __init__(self, learning_rate: float, training: Training) -> None:
        self.training, self.steps = training, 0
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=learning_rate)
        self.averaged = [p.detach().clone() for p in self.net.parameters()]
        self.random = torch.Generator().manual_seed(1)

    def step(self, images: Tensor) -> None:
        y = images[torch.randint(len(images), (self.training.batch_size,), generator=self.random)]
        self.optimiser.zero_grad()
        self.loss(y).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimiser.step()
        self.steps += 1
        torch._foreach_lerp_(self.averaged, list(self.net.parameters()), 1 - ema_decay(self.steps, self.training))

    def loss(self, y: Tensor) -> Tensor:
        """The training loss for clean images y [b, c, h, w], with random noise and time steps."""
        raise NotImplementedError

    def levels(self) -> Tensor:
        """The noise level sigma of each time step: x_t = sqrt(a_t) (y + sigma eps), with sigma^2 = (1 - a_t) / a_t."""
        raise NotImplementedError

    def clean(self, x_t: Tensor, t: Tensor) -> Tensor:
        """The network's estimate of the clean image."""
        raise NotImplementedError

    def average(self) -> None:
        """Replaces the weights by their moving average."""
        with torch.no_grad():
            for p, mean in zip(self.net.parameters(), self.averaged, strict=True):
                p.copy_(mean)

    def __call__(self, x: Tensor, sigma: Tensor) -> Tensor:
        """D(x, sigma) of x = y + sigma eps, for a sigma among the levels."""
        t = (self.levels()[:, None] - sigma).abs().argmin(dim=0)
        return self.clean(x * (1 + sigma**2).rsqrt()[:, None, None, None], t)


class Diffusers(Peer):
    """UNet2DModel as in diffusers' tutorial on unconditional training: the network predicts the noise; time steps are uniform."""

    name = "diffusers"

    def __init__(self, size: int, width: int, learning_rate: float, training: Training, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.net = UNet2DModel(
            sample_size=size,
            in_channels=1,
            out_channels=1,
            layers_per_block=1,
            block_out_channels=(width, 2 * width, 4 * width, 4 * width),
            down_block_types=("DownBlock2D",) * 4,
            up_block_types=("UpBlock2D",) * 4,
            norm_num_groups=4,
            add_attention=False,
        )
        self.scheduler = DDPMScheduler(num_train_timesteps=1000)
        super().__init__(learning_rate, training)

    def loss(self, y: Tensor) -> Tensor:
        noise, t = torch.randn(y.shape), torch.randint(0, 1000, (len(y),))
        return nn.functional.mse_loss(self.net(self.scheduler.add_noise(y, noise, t), t, return_dict=False)[0], noise)

    def levels(self) -> Tensor:
        return (1 / self.scheduler.alphas_cumprod - 1).sqrt()

    def clean(self, x_t: Tensor, t: Tensor) -> Tensor:
        sigma = self.levels()[t][:, None, None, None]
        return x_t * (1 + sigma**2).sqrt() - sigma * self.net(x_t, t, return_dict=False)[0]


class DenoisingDiffusion(Peer):
    """Unet and GaussianDiffusion with their defaults: the network predicts v; time steps are uniform."""

    name = "denoising-diffusion-pytorch"

    def __init__(self, size: int, width: int, learning_rate: float, training: Training, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.net = DdpmUnet(dim=width, dim_mults=(1, 2, 4, 4), channels=1, flash_attn=False)
        self.diffusion: Any = GaussianDiffusion(self.net, image_size=size, timesteps=1000)
        super().__init__(learning_rate, training)

    def loss(self, y: Tensor) -> Tensor:
        return self.diffusion((y + 1) / 2)

    def levels(self) -> Tensor:
        return (1 / self.diffusion.alphas_cumprod - 1).sqrt()

    def clean(self, x_t: Tensor, t: Tensor) -> Tensor:
        return self.diffusion.model_predictions(x_t, t).pred_x_start


def parameters(net: nn.Module) -> int:
    """The number of parameters of a network."""
    return sum(p.numel() for p in net.parameters())
