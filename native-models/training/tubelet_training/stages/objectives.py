"""Objectives that more than one stage uses."""

from __future__ import annotations

import random

import torch
from torch import Tensor

from ..data.batches import pad
from ..data.collections import Captioned, mirrored
from ..data.drawn import Scene
from ..data.questions import Question, QuestionMaker
from ..data.styles import PREFIXES
from ..data.tokenizer import ANSWER, TextCodec
from ..model.losses import focal_contrastive, next_token
from ..model.mammut import Mammut

CHUNKS = 4  # rows are sorted by length and run in this many parts, so that little of a batch is padding


def encoded(model: Mammut, rows: list[list[int]]) -> Tensor:
    """Text embeddings `[B, d]` of id rows (pass 1)."""
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    size = -(-len(order) // CHUNKS)
    parts = [order[start : start + size] for start in range(0, len(order), size)]
    embeddings = torch.cat([model.decoder.encode(pad([rows[number] for number in part])) for part in parts])
    return embeddings[torch.tensor(order).argsort()]


def written(model: Mammut, rows: list[list[int]], vision: Tensor | None, smoothing: float) -> Tensor:
    """Next-token loss of pass 2 over full rows (prompt, text, end); the prompt itself is not scored.

    After an `<answer>` id only the answer counts; otherwise everything after the two prompt ids. `vision` holds the
    stored tokens `[B, m, k]` of each row, or none for text alone.
    """
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    size = -(-len(order) // CHUNKS)
    hiddens, answers = [], []
    for part in (order[start : start + size] for start in range(0, len(order), size)):
        ids = pad([rows[number] for number in part])
        hidden, _ = model.decoder.hidden(ids[:, :-1], vision[part] if vision is not None else None)
        scored = torch.zeros(ids.shape[0], ids.shape[1] - 1, dtype=torch.bool)
        for line, number in enumerate(part):
            row = rows[number]
            scored[line, row.index(ANSWER) if ANSWER in row else 1 : len(row) - 1] = True
        hiddens.append(hidden[scored])
        answers.append(ids[:, 1:][scored])
    return next_token(model.decoder.scores(torch.cat(hiddens)).float(), torch.cat(answers), smoothing)


def siblings(model: Mammut, codec: TextCodec, groups: list[list[list[int]]], gamma: float) -> Tensor:
    """Contrastive loss of two captions of the same photograph, taken at random from each group of ids."""
    pairs = [random.sample(group, 2) for group in groups]
    both = [codec.search(pair[0]) for pair in pairs] + [codec.search(pair[1]) for pair in pairs]
    left, right = encoded(model, both).chunk(2)
    return focal_contrastive(left, right, model.scale(), gamma)


class PhotographText:
    """Captions (plain and for the mirrored photograph) and questions of training photographs, as token ids."""

    def __init__(self, photographs: list[Captioned], codec: TextCodec, longest: int) -> None:
        self.codec, self.longest = codec, longest
        groups = [photograph.captions for photograph in photographs]
        self.plain = self.tokenise(groups)
        self.mirrored = self.tokenise([[mirrored(caption) for caption in group] for group in groups])
        self.prefixes = {style: codec.many(list(words)) for style, words in PREFIXES.items()}
        maker = QuestionMaker([photograph.captions for photograph in photographs if not photograph.borrowed])
        self.made = [
            [] if photograph.borrowed else self.balanced(maker, photograph.captions) for photograph in photographs
        ]
        ids = {text for questions in self.made for q in questions for text in (q.question, q.answer)}
        self.ids = dict(zip(ids, codec.many(list(ids))))

    def tokenise(self, groups: list[list[str]]) -> list[list[list[int]]]:
        """Ids of every caption, group by group."""
        flat = iter(self.codec.many([caption for group in groups for caption in group]))
        return [[next(flat)[: self.longest] for _ in group] for group in groups]

    @staticmethod
    def balanced(maker: QuestionMaker, group: list[str]) -> list[Question]:
        """The questions of one photograph; most of the many "one"s and "dog"s left out, a few unanswerable put in."""
        questions = [
            question
            for question in maker.from_group(group) + maker.presence(group)
            if question.answer not in ("one", "dog") or random.random() < 0.25
        ]
        return [*questions, maker.unanswerable(group)]

    def two_captions(self, numbers: list[int], flips: list[bool]) -> tuple[list[list[int]], list[list[int]]]:
        """Two different captions of each photograph, of the mirrored one where `flips` says so."""
        pairs = [
            random.sample((self.mirrored if flip else self.plain)[number], 2) for number, flip in zip(numbers, flips)
        ]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def named(self, captions: list[list[int]], styles: list[str | None]) -> list[list[int]]:
        """The captions for pass 1, which name the style of a photograph that has one; the written ones do not."""
        return [
            (random.choice(self.prefixes[style]) + ids)[: self.longest] if style else ids
            for ids, style in zip(captions, styles)
        ]

    def questions(
        self, numbers: list[int], styles: list[str | None], count: int
    ) -> list[tuple[int, list[int], list[int]]]:
        """`count` questions as (place in the batch, question ids, answer ids); every kind is equally likely.

        Photographs in a style are not asked about, because their colours are not those of the captions, nor are those
        with borrowed captions.
        """
        chosen = []
        plain = [place for place, style in enumerate(styles) if style is None and self.made[numbers[place]]]
        for place in random.choices(plain, k=count):
            made = self.made[numbers[place]]
            kind = random.choice(sorted({question.kind for question in made}))
            question = random.choice([question for question in made if question.kind == kind])
            chosen.append((place, self.ids[question.question], self.ids[question.answer]))
        return chosen


def drawn_texts(
    model: Mammut,
    codec: TextCodec,
    embedding: Tensor,
    stored: Tensor,
    scenes: list[Scene],
    described: float,
    smoothing: float,
) -> Tensor:
    """What is asked and written about drawn scenes, and their contrast: `embedding` `[B, d]`, `stored` `[B, m, k]`.

    Every question of every scene is asked; `described` is the share of the scenes that are described as well, because
    what is written about them in plenty is written about photographs with plain backgrounds too.
    """
    texts = encoded(model, [codec.search(codec.ids(scene.caption())) for scene in scenes])
    told = range(round(described * len(scenes)))
    rows, owners = [codec.caption(codec.ids(scenes[number].caption())) for number in told], [*told]
    for number, scene in enumerate(scenes):
        for question, answer in scene.questions().values():
            rows.append(codec.answer(codec.ids(question), codec.ids(answer)))
            owners.append(number)
    write = written(model, rows, stored[owners], smoothing)
    return write + 0.3 * focal_contrastive(embedding, texts, model.scale(), 0.0)
