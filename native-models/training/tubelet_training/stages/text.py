"""Stage 1, no pixels: captions of one photograph find each other (pass 1), and the decoder learns to write (pass 2)."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from torch import Tensor, nn

from ..data.batches import Shuffled
from ..data.captions import clean, read_text_corpora
from ..data.tokenizer import TextCodec
from ..model.mammut import Mammut
from .objectives import siblings, written


class CaptionText:
    """Caption groups of Flickr30k and COCO as token ids, and NExT-QA's questions with their answers."""

    def __init__(self, data: Path, codec: TextCodec, longest: int) -> None:
        groups = [group for group in read_text_corpora(data) if len(group) > 1]
        flat = iter(codec.many([caption for group in groups for caption in group]))
        self.groups = [[next(flat)[:longest] for _ in group] for group in groups]
        with open(data / "text" / "nextqa-train.csv", encoding="utf-8") as file:
            pairs = [(clean(row["question"]), clean(row["answer"])) for row in csv.DictReader(file)]
        questions, answers = codec.many([q for q, _ in pairs]), codec.many([a for _, a in pairs])
        self.questions = [(q[:longest], a) for q, a in zip(questions, answers) if len(a) <= 4]


class TextStage:
    """The loss of one step of the text stage; `settings` is the configuration's `stages.text`."""

    def __init__(self, model: Mammut, settings: dict, data: Path, work: Path, codec: TextCodec, seed: int) -> None:
        self.model, self.settings, self.codec = model, settings, codec
        self.text = CaptionText(data, codec, settings["longest"])
        self.order = Shuffled(len(self.text.groups), seed)
        self.writing = Shuffled(len(self.text.groups), seed + 1)

    def parameter_groups(self) -> list[dict]:
        """The decoder and the similarity scale."""
        parameters: list[nn.Parameter] = [*self.model.decoder.parameters(), self.model.log_scale]
        return [{"params": parameters, "lr": self.settings["learning_rate"]}]

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """The loss of the next batch, and its parts for the log."""
        settings, groups = self.settings, self.text.groups
        alike = siblings(
            self.model, self.codec, [groups[row] for row in self.order.take(settings["groups"])], settings["gamma"]
        )
        rows = [self.codec.caption(random.choice(groups[row])) for row in self.writing.take(settings["captions"])]
        rows += [self.codec.answer(*pair) for pair in random.sample(self.text.questions, settings["questions"])]
        write = written(self.model, rows, None, settings["smoothing"])
        return alike + settings["write_weight"] * write, {"siblings": alike.item(), "write": write.item()}

    def measure(self) -> dict:
        """Nothing is held out in this stage; the next one shows what it was worth."""
        return {}
