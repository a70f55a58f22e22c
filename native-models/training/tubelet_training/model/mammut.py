"""MaMMUT with TubeViT tubes: one vision encoder, one decoder, and a localisation head."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

from .decoder import Decoder
from .positions import Tube
from .vision import EmbeddingHead, TokenPooling, VisionTower


class LocateHead(nn.Module):
    """Stored tokens `[B, m, k]` and a text embedding `[B, d]` to one score in 0..1 for each grid cell `[B, m - 1]`."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, dim)
        self.fc2 = nn.Linear(dim, dim)
        self.text = nn.Linear(dim, dim)
        self.scale = nn.Parameter(torch.tensor(8.0))
        self.bias = nn.Parameter(torch.tensor(-2.0))

    def scores(self, tokens: Tensor, text: Tensor) -> Tensor:
        """The scores before the sigmoid, `[B, m - 1]`."""
        place = F.normalize(self.fc2(F.gelu(self.fc1(self.norm(tokens[:, 1:])))).float(), dim=-1)
        phrase = F.normalize(self.text(text).float(), dim=-1)
        return (place @ phrase[..., None])[..., 0] * self.scale + self.bias

    def forward(self, tokens: Tensor, text: Tensor) -> Tensor:
        return self.scores(tokens, text).sigmoid()


class Mammut(nn.Module):
    """The whole model; see `config["model"]` for every size."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        self.config = config
        vision, decoder = config["vision"], config["decoder"]
        self.tubes = [Tube.from_config(tube) for tube in vision["tubes"]]
        self.vision = VisionTower(
            self.tubes, vision["frames"], vision["size"], vision["width"], vision["depth"], vision["heads"]
        )
        self.pooling = TokenPooling(vision["width"], vision["heads"], self.vision.grid)
        self.head = EmbeddingHead(vision["width"], config["embedding"], decoder["heads"])
        self.decoder = Decoder(
            decoder["vocabulary"],
            decoder["width"],
            decoder["layers"],
            decoder["heads"],
            decoder["length"],
            vision["width"],
            config["embedding"],
            decoder["dropout"],
            decoder["abstention"],
        )
        self.locate = LocateHead(vision["width"], config["embedding"])
        self.log_scale = nn.Parameter(torch.tensor(config["logit_scale"]).log())

    def scale(self) -> Tensor:
        """The learned similarity scale, at most 100."""
        return self.log_scale.exp().clamp(max=100.0)

    def encode_rows(
        self, rows: list[Tensor], keep: float = 1.0, crop: tuple[float, float, float, float] | None = None
    ) -> tuple[Tensor, Tensor]:
        """Tube rows -> embedding `[B, d]` and stored tokens `[B, m, k]`."""
        encoded, bias, index = self.vision(rows, keep, crop)
        tokens = self.pooling(encoded, bias, index if keep < 1.0 else None)
        return self.head(tokens), tokens

    def encode_features(self, encoded: Tensor, index: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The same from encoder tokens `[B, 1 + n, width]` computed before (frozen vision); `index` as in pooling."""
        tokens = self.pooling(encoded, None, index)
        return self.head(tokens), tokens


def quantise_tokens(tokens: Tensor) -> Tensor:
    """Tokens as the application stores them: int8 with one scale a token (here rounded and put back)."""
    scale = tokens.detach().abs().amax(-1, keepdim=True).clamp(min=1e-8) / 127
    rounded = (tokens.detach() / scale).round() * scale
    return tokens + (rounded - tokens).detach()


def load_deit(tower: VisionTower, path: Path) -> None:
    """Start the tower from DeiT-Tiny: its patch embedding is the image tube, the other tubes are inflated from it."""
    weights = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
        for tensor in onnx.load(str(path)).graph.initializer
    }
    kernel, bias = weights["patch_embed.proj.weight"], weights["patch_embed.proj.bias"]
    with torch.no_grad():
        for tube, projection in zip(tower.tubes, tower.projections):
            frames, height, width = tube.kernel
            area = kernel.shape[2] * kernel.shape[3] / (height * width)
            resized = F.interpolate(kernel, (height, width), mode="bicubic", antialias=True, align_corners=False) * area
            inflated = resized.permute(0, 2, 3, 1)[:, None].expand(-1, frames, -1, -1, -1) / frames
            projection.weight.copy_(inflated.reshape(kernel.shape[0], -1))
            projection.bias.copy_(bias)
        positions = weights["pos_embed"][0]
        tower.cls.copy_(weights["cls_token"].flatten())
        tower.cls_position.copy_(positions[0])
        tower.position_grid.copy_(positions[1:].T.reshape(1, -1, tower.grid, tower.grid))
        tower.norm.weight.copy_(weights["norm.weight"])
        tower.norm.bias.copy_(weights["norm.bias"])
        names = {
            "norm1": "norm1",
            "norm2": "norm2",
            "qkv": "attn.qkv",
            "proj": "attn.proj",
            "fc1": "mlp.fc1",
            "fc2": "mlp.fc2",
        }
        for index, block in enumerate(tower.blocks):
            for ours, theirs in names.items():
                module, stem = getattr(block, ours), f"blocks.{index}.{theirs}"
                transposed = f"{stem}.weight_T" in weights
                module.weight.copy_(weights[f"{stem}.weight_T"].T if transposed else weights[f"{stem}.weight"])
                module.bias.copy_(weights[f"{stem}.bias"])
