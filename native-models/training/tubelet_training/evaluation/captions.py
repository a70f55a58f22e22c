"""Caption scores: BLEU-4 (Papineni et al. 2002) and CIDEr-D (Vedantam et al. 2015), as the COCO server counts them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict

ORDERS = 4
SIGMA = 6.0


def tokenise(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace(" '", "'"))


def ngrams(words: list[str], order: int) -> Counter[tuple[str, ...]]:
    """Counts of the n-grams of one order."""
    return Counter(tuple(words[i : i + order]) for i in range(len(words) - order + 1))


def bleu(candidates: list[str], references: list[list[str]], orders: int = ORDERS) -> list[float]:
    """Corpus BLEU-1 … BLEU-`orders`, 0..1, with the closest reference's length in the brevity penalty."""
    matched, total = [0] * orders, [0] * orders
    length = reference_length = 0
    for candidate, group in zip(candidates, references):
        words, others = tokenise(candidate), [tokenise(reference) for reference in group]
        length += len(words)
        reference_length += min((abs(len(other) - len(words)), len(other)) for other in others)[1]
        for order in range(1, orders + 1):
            counts, most = ngrams(words, order), Counter()
            for other in others:
                most |= ngrams(other, order)
            matched[order - 1] += sum((counts & most).values())
            total[order - 1] += sum(counts.values())
    penalty = 1.0 if length > reference_length else math.exp(1 - reference_length / max(1, length))
    scores, log_sum = [], 0.0
    for order in range(orders):
        if matched[order] == 0:
            return scores + [0.0] * (orders - order)
        log_sum += math.log(matched[order] / total[order])
        scores.append(penalty * math.exp(log_sum / (order + 1)))
    return scores


def cider(candidates: list[str], references: list[list[str]]) -> float:
    """CIDEr-D, 0..10 (usually quoted times 100 as a percentage of 1): mean tf-idf cosine of the n-grams.

    Clipped counts and a Gaussian length penalty (sigma 6); document frequencies come from the references themselves.
    """
    tokens = [[tokenise(reference) for reference in group] for group in references]
    documents: dict[tuple[str, ...], int] = defaultdict(int)
    for group in tokens:
        for gram in {gram for words in group for n in range(1, ORDERS + 1) for gram in ngrams(words, n)}:
            documents[gram] += 1
    log_count = math.log(len(references))

    def vector(words: list[str]) -> tuple[list[dict], list[float]]:
        vectors = [
            {gram: count * (log_count - math.log(max(1, documents[gram]))) for gram, count in ngrams(words, n).items()}
            for n in range(1, ORDERS + 1)
        ]
        return vectors, [math.sqrt(sum(value**2 for value in part.values())) for part in vectors]

    total = 0.0
    for candidate, group in zip(candidates, tokens):
        words = tokenise(candidate)
        mine, my_norm = vector(words)
        score = 0.0
        for other in group:
            theirs, their_norm = vector(other)
            penalty = math.exp(-((len(words) - len(other)) ** 2) / (2 * SIGMA**2))
            for n in range(ORDERS):
                overlap = sum(
                    min(value, theirs[n].get(gram, 0.0)) * theirs[n].get(gram, 0.0) for gram, value in mine[n].items()
                )
                if my_norm[n] and their_norm[n]:
                    score += penalty * overlap / (my_norm[n] * their_norm[n])
        total += 10.0 * score / (ORDERS * len(group))
    return total / len(candidates)
