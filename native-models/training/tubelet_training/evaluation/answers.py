"""Exact match of answers: questions made from held-out captions, and drawn motion."""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
from torch import Tensor

from ..data.collections import Captioned
from ..data.drawn import draw, random_scene
from ..data.questions import QuestionMaker
from ..data.tokenizer import ANSWER, BOS, QUESTION, TextCodec
from ..generate import greedy
from ..model.mammut import Mammut
from .videos import embed_clips

LONGEST = 4


def answer(model: Mammut, codec: TextCodec, tokens: Tensor, question: str) -> str:
    """The greedy answer to a question about one clip's tokens `[1, m, k]`."""
    prompt = [BOS, QUESTION, *codec.ids(question), ANSWER]
    return codec.decode(greedy(model, tokens, prompt, LONGEST)[0])


def held_out_questions(photographs: list[Captioned], count: int, seed: int) -> list[tuple[int, str, str, set[str]]]:
    """`count` questions of each kind: (photograph, kind, question, every answer its captions give)."""
    random.seed(seed)
    maker = QuestionMaker([photograph.captions for photograph in photographs])
    by_kind: dict[str, list[tuple[int, str, str, set[str]]]] = defaultdict(list)
    for number, photograph in enumerate(photographs):
        made = maker.from_group(photograph.captions)
        for kind in {question.kind for question in made}:
            chosen = random.choice([question for question in made if question.kind == kind])
            right = {question.answer for question in made if question.question == chosen.question}
            by_kind[kind].append((number, kind, chosen.question, right))
        gone = maker.unanswerable(photograph.captions)
        by_kind[gone.kind].append((number, gone.kind, gone.question, {gone.answer}))
    return [item for kind in sorted(by_kind) for item in random.sample(by_kind[kind], min(count, len(by_kind[kind])))]


def score_questions(
    model: Mammut, codec: TextCodec, tokens: Tensor, questions: list[tuple[int, str, str, set[str]]]
) -> dict[str, float]:
    """Exact match in percent by kind, and `overall` over the answerable kinds."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for number, kind, question, right in questions:
        hits[kind].append(answer(model, codec, tokens[number : number + 1], question) in right)
    result = {kind: round(100 * sum(found) / len(found), 1) for kind, found in hits.items()}
    kinds = [value for kind, value in result.items() if kind != "unanswerable"]
    return result | {"overall": round(sum(kinds) / len(kinds), 1)}


def score_drawn(model: Mammut, codec: TextCodec, count: int, seed: int, shuffled: bool) -> dict[str, float]:
    """Exact match in percent on drawn scenes; `shuffled` gives the frames of each clip in a random order."""
    generator = np.random.default_rng(seed)
    scenes = [random_scene(generator) for _ in range(count)]
    clips = np.stack([draw(scene, model.vision.frames, model.vision.size, generator) for scene in scenes])
    if shuffled:
        clips = np.stack([clip[generator.permutation(len(clip))] for clip in clips])
    _, tokens = embed_clips(model, clips)
    hits: dict[str, list[bool]] = defaultdict(list)
    for number, scene in enumerate(scenes):
        for kind, (question, right) in scene.questions().items():
            hits[kind].append(answer(model, codec, tokens[number : number + 1], question) == right)
    return {kind: round(100 * sum(found) / count, 1) for kind, found in hits.items()}
