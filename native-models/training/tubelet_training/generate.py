"""Writing with the decoder: greedy, and beam search with length normalisation and no repeated trigram."""

from __future__ import annotations

import torch
from torch import Tensor

from .data.tokenizer import EOS
from .model.mammut import Mammut

SPECIAL_IDS = 7  # ids below this are never written, but for the end


@torch.no_grad()
def greedy(model: Mammut, tokens: Tensor, prompt: list[int], longest: int) -> list[list[int]]:
    """The most likely next id again and again, for stored tokens `[B, m, k]`; rows without prompt and end."""
    ids = torch.tensor([prompt]).expand(tokens.shape[0], -1)
    past, step, rows = None, ids, [[] for _ in range(tokens.shape[0])]
    open_rows = torch.ones(tokens.shape[0], dtype=torch.bool)
    for _ in range(longest):
        hidden, past = model.decoder.hidden(step, tokens, past)
        step = model.decoder.calibrated(model.decoder.scores(hidden[:, -1])).argmax(-1, keepdim=True)
        open_rows &= step[:, 0] != EOS
        for number in open_rows.nonzero()[:, 0].tolist():
            rows[number].append(int(step[number, 0]))
        if not open_rows.any():
            break
    return rows


def repeats(ids: list[int], size: int) -> set[int]:
    """The ids that would complete an n-gram of `size` that `ids` already holds."""
    if len(ids) < size - 1:
        return set()
    tail = ids[len(ids) - size + 1 :]
    return {ids[i + size - 1] for i in range(len(ids) - size + 1) if ids[i : i + size - 1] == tail}


@torch.no_grad()
def beam(
    model: Mammut, tokens: Tensor, prompt: list[int], longest: int, width: int, length_power: float, no_repeat: int
) -> tuple[list[int], float]:
    """The best of `width` beams for one clip's tokens `[1, m, k]`, and its mean log probability."""
    beams: list[tuple[list[int], float]] = [([], 0.0)]
    finished: list[tuple[list[int], float]] = []
    ids, past = torch.tensor([prompt]), None
    vision = tokens
    for _ in range(longest):
        hidden, past = model.decoder.hidden(ids, vision, past)
        log_probability = model.decoder.calibrated(model.decoder.scores(hidden[:, -1])).float().log_softmax(-1)
        log_probability[:, :EOS] = -1e9
        log_probability[:, EOS + 1 : SPECIAL_IDS] = -1e9
        for number, (words, _) in enumerate(beams):
            for banned in repeats(words, no_repeat):
                log_probability[number, banned] = -1e9
        total = log_probability + torch.tensor([[score] for _, score in beams])
        best, place = total.flatten().topk(2 * width)
        chosen: list[tuple[int, int, float]] = []
        for score, flat in zip(best.tolist(), place.tolist()):
            origin, word = divmod(flat, log_probability.shape[1])
            if word == EOS:
                words = beams[origin][0]
                finished.append((words, score / (len(words) + 1) ** length_power))
            elif len(chosen) < width:
                chosen.append((origin, word, score))
        if len(finished) >= width:
            break
        beams = [([*beams[origin][0], word], score) for origin, word, score in chosen]
        origins = torch.tensor([origin for origin, _, _ in chosen])
        past = [(key[origins], value[origins]) for key, value in past]
        ids = torch.tensor([[word] for _, word, _ in chosen])
        vision = tokens.expand(len(chosen), -1, -1)
    finished = finished or [(words, score / (len(words) + 1) ** length_power) for words, score in beams]
    return max(finished, key=lambda item: item[1])
