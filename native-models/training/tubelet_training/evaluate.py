"""Every number of the model card: `python -m tubelet_training.evaluate --config C --checkpoint P --data D --work W`.

Prints one JSON object; `--report FILE` also writes it. `--only` limits the work to some of the parts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .checkpoint import load_model
from .configuration import load_configuration
from .data.collections import ClassNames, captioned
from .data.photographs import Photographs
from .data.synthetic_video import plain_pan
from .data.tokenizer import BOS, CAPTION, TextCodec, load_tokenizer
from .evaluation.answers import held_out_questions, score_drawn, score_questions
from .evaluation.captions import bleu, cider
from .evaluation.localisation import score_localisation
from .evaluation.quick import embed_stills
from .evaluation.retrieval import classify, embed_texts, recall
from .evaluation.videos import cache_video_clips, embed_clips, rank_videos
from .generate import beam
from .model.mammut import Mammut, quantise_tokens

PARTS = ("retrieval", "pans", "classes", "videos", "captions", "questions", "drawn", "localisation")


class Evaluation:
    """The held-out photographs and what a checkpoint makes of them; every part is computed when it is asked for."""

    def __init__(self, config: dict, model: Mammut, data: Path, work: Path) -> None:
        self.model, self.data, self.work, self.settings = model, data, work, config["evaluation"]
        self.codec = TextCodec(load_tokenizer(work / "tokenizer.json"), config["model"]["decoder"]["length"])
        self.held_out = captioned(data, work, "flickr8k", ("val",))
        self.photographs = Photographs(work, "flickr8k")
        self.rows = [photograph.row for photograph in self.held_out]
        self.owner = torch.tensor([i for i, photograph in enumerate(self.held_out) for _ in photograph.captions])
        captions = [caption for photograph in self.held_out for caption in photograph.captions]
        self.texts = embed_texts(model, self.codec, captions)
        self.embeddings, tokens = embed_stills(model, self.photographs, self.rows)
        self.tokens = quantise_tokens(tokens)

    def retrieval(self) -> dict:
        """Recall both ways on the still photographs."""
        return recall(self.embeddings, self.texts, self.owner)

    def pans(self) -> dict:
        """Recall of the same photographs shown as pans of four seconds."""
        generator = np.random.default_rng(self.settings["seed"])
        vision, parts = self.model.vision, []
        for start in range(0, len(self.rows), 8):
            clips = [
                plain_pan(np.asarray(self.photographs.pixels[row]), vision.frames, vision.size, generator)
                for row in self.rows[start : start + 8]
            ]
            parts.append(embed_clips(self.model, np.stack(clips))[0])
        return recall(torch.cat(parts), self.texts, self.owner)

    def classes(self) -> dict:
        """ImageNet photographs by "a photo of a <class name>"."""
        names = ClassNames(self.data, self.codec)
        numbers = range(len(names.names))
        prompts = embed_texts(self.model, self.codec, [names.prompt(number) for number in numbers])
        images, _ = embed_stills(self.model, Photographs(self.work, "imagenet1000"), list(numbers))
        return classify(images, prompts, torch.arange(len(prompts)))

    def videos(self) -> dict:
        """Ranks of the right files for the plain queries over real videos."""
        vision = self.model.config["vision"]
        clips = cache_video_clips(self.data, self.work, vision["frames"], vision["size"], vision["seconds"])
        ranks = rank_videos(self.model, self.codec, clips)
        return {"ranks": ranks, "in_first_three": sum(rank < 3 for rank in ranks.values())}

    def caption(self, tokens: Tensor) -> str:
        """The beam-searched caption of one clip's stored tokens `[1, m, k]`."""
        found = beam(self.model, tokens, [BOS, CAPTION], **self.settings["beam"])
        return self.codec.decode(found[0])

    def captions(self) -> dict:
        """BLEU and CIDEr of beam search on held-out photographs, and twelve of them chosen by the seed."""
        count = min(self.settings["captioned"], len(self.held_out))
        written = [self.caption(self.tokens[i : i + 1]) for i in range(count)]
        references = [photograph.captions for photograph in self.held_out[:count]]
        shown = random.Random(self.settings["seed"]).sample(range(count), 12)
        return {
            "photographs": count,
            "bleu": [round(100 * score, 1) for score in bleu(written, references)],
            "cider": round(100 * cider(written, references), 1),
            "shown": {self.photographs.names[self.rows[i]]: written[i] for i in shown},
            "clips": self.clip_captions(),
        }

    def clip_captions(self) -> dict[str, str]:
        """Captions of six real clips chosen by the seed: the middle clip of each video."""
        vision = self.model.config["vision"]
        clips = cache_video_clips(self.data, self.work, vision["frames"], vision["size"], vision["seconds"])
        shown = random.Random(self.settings["seed"]).sample(sorted(clips), 6)
        middle = np.stack([clips[name][len(clips[name]) // 2] for name in shown])
        _, tokens = embed_clips(self.model, middle)
        tokens = quantise_tokens(tokens)
        return {name: self.caption(tokens[i : i + 1]) for i, name in enumerate(shown)}

    def questions(self) -> dict:
        """Exact match by kind of question."""
        asked = held_out_questions(self.held_out, self.settings["questions"], self.settings["seed"])
        return score_questions(self.model, self.codec, self.tokens, asked)

    def drawn(self) -> dict:
        """Exact match on drawn motion, and with the frames in a random order."""
        count, seed = self.settings["drawn"], self.settings["seed"]
        return {
            name: score_drawn(self.model, self.codec, count, seed, name == "shuffled")
            for name in ("ordered", "shuffled")
        }

    def localisation(self) -> dict:
        """How often the peak of a phrase's heat lies in a box of that class."""
        return score_localisation(self.model, self.codec, self.data, self.work, self.tokens, self.rows)


def main() -> None:
    """Measure the parts named on the command line, all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("TUBELET_DATA"), help="the data folder")
    parser.add_argument("--work", type=Path, required=True, help="where the caches are")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    config = load_configuration(arguments.config)
    model = load_model(config, arguments.checkpoint)
    evaluation = Evaluation(config, model, Path(arguments.data), arguments.work)
    numbers = {}
    for part in arguments.only:
        numbers[part] = getattr(evaluation, part)()
        print(json.dumps({part: numbers[part]}, ensure_ascii=False), flush=True)
    if arguments.report:
        arguments.report.write_text(json.dumps(numbers, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
