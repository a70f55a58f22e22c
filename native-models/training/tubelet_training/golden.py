"""Fixed inputs with the outputs of PyTorch (fp32), by which the application tests its own port of the model."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from .data.tokenizer import ANSWER, BOS, CAPTION, QUESTION, TextCodec, load_tokenizer
from .generate import greedy
from .model.mammut import Mammut
from .model.positions import gather_rows

FORMULA = "pixel(t, y, x, c) = (t * 7 + y * 3 + x * 5 + c * 11) % 256"
SENTENCES = [
    "A dog runs through the grass.",
    "two men in hard hats",
    "Café crème, naïve façade",
    "CARS ON A ROAD!",
    "black-and-white film; it's silent…",
    "vegetables on a conveyor belt",
    "what color is the dog's collar?",
    "3 people & 12 bottles (50%)",
    "日本 unknown 東京 letters",
    "   spaces\tand\nlines   ",
    "",
]


def formula_clip(frames: int, size: int) -> Tensor:
    """The clip `[1, frames, size, size, 3]` of `FORMULA`, uint8."""
    t, y, x, c = (torch.arange(count) for count in (frames, size, size, 3))
    clip = t[:, None, None, None] * 7 + y[:, None, None] * 3 + x[:, None] * 5 + c * 11
    return (clip % 256).to(torch.uint8)[None]


@torch.no_grad()
def golden(model: Mammut, codec: TextCodec) -> dict:
    """Numbers of the formula clip, of its frame 0 as a still, and of the sentences."""
    clip = formula_clip(model.vision.frames, model.vision.size)
    rows = [gather_rows(clip, tube) for tube in model.tubes]
    still = [
        gather_rows(clip[:, model.tubes[0].offset[0] :][:, :1].expand(-1, model.vision.frames, -1, -1, -1), tube)
        for tube in model.tubes
    ]
    still = [still[0], *(tube_rows[:, :0] for tube_rows in still[1:])]
    question = codec.ids("what is in the picture")

    def described(inputs: list[Tensor]) -> dict:
        embedding, tokens = model.encode_rows(inputs)
        return {
            "embedding": embedding[0, :8].tolist(),
            "embeddingNorm": embedding[0].norm().item(),
            "tokenZero": tokens[0, 0, :8].tolist(),
            "tokenLast": tokens[0, -1, :8].tolist(),
            "tokensNorm": tokens[0].norm().item(),
            "greedyCaption": greedy(model, tokens, [BOS, CAPTION], 24)[0],
            "greedyAnswer": greedy(model, tokens, [BOS, QUESTION, *question, ANSWER], 6)[0],
        }

    texts = []
    for sentence in SENTENCES:
        ids = codec.search(codec.ids(sentence))
        embedding = model.decoder.encode(torch.tensor([ids]))[0]
        texts.append({"text": sentence, "ids": ids, "embedding": embedding[:8].tolist(), "decoded": codec.decode(ids)})
    return {
        "formula": FORMULA,
        "clip": {"frames": model.vision.frames, "size": model.vision.size}
        | {
            "rowSums": [int(tube_rows.long().sum()) for tube_rows in rows],
            "firstRowStart": [tube_rows[0, 0, :6].tolist() for tube_rows in rows],
            "lastRowEnd": [tube_rows[0, -1, -6:].tolist() for tube_rows in rows],
        }
        | described(rows),
        "still": {"about": f"frame {model.tubes[0].offset[0]} of the clip as a photograph: the image tube alone"}
        | described(still),
        "question": "what is in the picture",
        "texts": texts,
    }


def write_golden(model: Mammut, tokenizer: Path, path: Path, revision: str) -> None:
    """Write the fixture for the pack of `revision`."""
    codec = TextCodec(load_tokenizer(tokenizer), model.config["decoder"]["length"])
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"revision": revision, **golden(model.eval(), codec)}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
