"""The family `diffusers`: a UNet trained elsewhere, from a folder that the library diffusers saved by `save_pretrained`."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from creativity.families.base import Brought
from creativity.families.module import file_hash
from creativity.fields import ImageShape, ImpossibleError, strict

SCHEDULES = ("linear", "scaled_linear", "squaredcos_cap_v2")
PREDICTIONS = ("epsilon", "sample", "v_prediction")
TABLE = ("num_train_timesteps", "beta_start", "beta_end", "beta_schedule")  # what gives the table of noise levels


class Folder(NamedTuple):
    """The parts of a saved model: the folder of its UNet, and the configurations of the UNet and of the scheduler."""

    unet: Path
    unet_config: dict[str, Any]
    scheduler_config: dict[str, Any]


@strict
class Diffusers(Brought):
    """A UNet2DModel with its noise schedule, as a DDPMPipeline, a DDIMPipeline or the two saved in one folder."""

    colour: ClassVar[str] = "#997700"
    places: ClassVar[tuple[str, ...]] = ("path",)
    family: Literal["diffusers"]
    path: Annotated[
        str,
        Field(
            min_length=1,
            description="folder in which diffusers saved a DDPMPipeline or DDIMPipeline, or both a UNet2DModel and its scheduler",
        ),
    ]

    def fingerprint(self, key: str, shape: ImageShape) -> str:
        key, folder = f"{key}.path", self.folder(f"{key}.path")
        check_unet(key, folder.unet_config, shape)
        check_scheduler(key, folder.scheduler_config)
        weights = sorted(folder.unet.glob("diffusion_pytorch_model*"))
        if not weights:
            raise ImpossibleError(key, str(folder.unet), "a folder with the UNet's weights, diffusion_pytorch_model.safetensors")
        parts = [json.dumps([folder.unet_config, folder.scheduler_config], sort_keys=True)]
        parts += [f"{path.name} {file_hash(key, path)}" for path in weights]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def folder(self, key: str = "path") -> Folder:
        """The parts of the saved model. Raises ImpossibleError where one is missing or is not what this family knows."""
        root = Path(self.path).expanduser()
        if not root.is_dir():
            raise ImpossibleError(key, str(root), "a folder of save_pretrained; there is no such folder")
        index = root / "model_index.json"
        if not index.exists():
            return Folder(root, read(key, root / "config.json"), read(key, root / "scheduler_config.json"))
        latent = [part for part in read(key, index) if part in ("vae", "vqvae", "movq")]
        if latent:
            raise ImpossibleError(key, f"{root} with a {latent[0]}", "a model of the pixels themselves, not of a latent space")
        unet = root / "unet"
        return Folder(unet, read(key, unet / "config.json"), read(key, root / "scheduler/scheduler_config.json"))


def read(key: str, path: Path) -> dict[str, Any]:
    """A JSON file of save_pretrained. Raises ImpossibleError where it holds no map or cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImpossibleError(key, str(path), f"a folder of save_pretrained with this file ({error.strerror})") from None
    except ValueError as error:
        raise ImpossibleError(key, str(path), f"a file of JSON ({error})") from None
    if not isinstance(content, dict):
        raise ImpossibleError(key, str(path), "a map in JSON")
    return content


def check_unet(key: str, config: dict[str, Any], shape: ImageShape) -> None:
    """Raises ImpossibleError where this is no UNet of pixels, without conditions, for images of this shape."""
    name, size, channels = config.get("_class_name"), config.get("sample_size"), config.get("in_channels")
    if name != "UNet2DModel":
        raise ImpossibleError(key, f"a {name}", "a UNet2DModel, which has no conditions")
    if config.get("class_embed_type") is not None or config.get("num_class_embeds") is not None:
        raise ImpossibleError(
            key, "a UNet2DModel with classes", "one without: the denoisers of a campaign are told the noisy image alone"
        )
    if size is not None and size != shape.size and size != [shape.size, shape.size]:
        raise ImpossibleError(key, f"a UNet for images of side {size}", f"one for dataset.size = {shape.size}")
    depth = len(config.get("block_out_channels", ())) - 1
    if depth > 0 and shape.size % 2**depth:
        raise ImpossibleError(key, f"a UNet that halves the side {depth} times", f"one for dataset.size = {shape.size}")
    if channels != shape.channels or config.get("out_channels") != channels:
        found = f"a UNet from {channels} to {config.get('out_channels')} channels"
        raise ImpossibleError(key, found, f"{shape.channels} and {shape.channels}, by dataset.color")
    if config.get("time_embedding_type", "positional") != "positional":
        raise ImpossibleError(
            key, f"time_embedding_type {config['time_embedding_type']}", "positional, which knows all times between"
        )


def check_scheduler(key: str, config: dict[str, Any]) -> None:
    """Raises ImpossibleError where the noise schedule or what the network predicts is none that D(x, sigma) is known for."""
    name = config.get("_class_name", "scheduler")
    for option, allowed in (("beta_schedule", SCHEDULES), ("prediction_type", PREDICTIONS)):
        if config.get(option) not in allowed:
            raise ImpossibleError(key, f"a {name} with {option} {config.get(option)}", f"{option} {', '.join(allowed)}")
    for option in ("trained_betas", "rescale_betas_zero_snr"):
        if config.get(option):
            raise ImpossibleError(key, f"a {name} with {option}", "one without, whose levels are those of its beta_schedule")
    missing = [option for option in TABLE if option not in config]
    if missing:
        raise ImpossibleError(key, f"a {name} without {', '.join(missing)}", "a scheduler_config.json of save_pretrained")
