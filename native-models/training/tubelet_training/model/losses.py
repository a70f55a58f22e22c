"""Losses: focal contrastive, captioning, and distillation of DeiT's class scores."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def focal(log_probability: Tensor, gamma: float) -> Tensor:
    """-(1 - p)^gamma log p, element by element; gamma 0 is plain cross-entropy."""
    if gamma == 0.0:
        return -log_probability
    # The floor keeps the gradient finite where p reaches 1 and gamma is below 1.
    return -((1.0 - log_probability.exp()).clamp(min=1e-4) ** gamma) * log_probability


def focal_contrastive(left: Tensor, right: Tensor, scale: Tensor, gamma: float, count: int | None = None) -> Tensor:
    """Symmetric contrastive loss of paired unit vectors `[B, d]`: row i of `left` belongs to row i of `right`.

    MaMMUT weighs pairs by a focal factor so that hard ones count more in small batches; here the probability is the
    softmax over the batch, which with gamma 0 is the usual InfoNCE. With `count`, only the first `count` pairs are
    scored and the others are negatives alone.
    """
    with torch.autocast("cpu", enabled=False):
        logits = scale * left @ right.T
    forward = logits.log_softmax(dim=1).diagonal()[:count]
    backward = logits.log_softmax(dim=0).diagonal()[:count]
    return (focal(forward, gamma).mean() + focal(backward, gamma).mean()) / 2


def next_token(scores: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """Mean next-token loss of scores `[N, V]` for targets `[N]`."""
    return F.cross_entropy(scores, targets, label_smoothing=smoothing)


def class_distillation(image: Tensor, names: Tensor, scale: Tensor, teacher: Tensor) -> Tensor:
    """KL of DeiT's scores and those by class name, both ways: over the classes of an image, over the images of a class.

    `image` `[B, d]`, `names` `[C, d]` (embeddings of "a photo of a ..."), `teacher` scores `[B, C]`. The second way
    teaches names that are no photograph's likeliest class: which photographs are most like a tench, if any.
    """
    with torch.autocast("cpu", enabled=False):
        scores, target = scale * image @ names.T, teacher.float()
        by_image = F.kl_div(scores.log_softmax(dim=1), target.softmax(dim=1), reduction="batchmean")
        by_class = F.kl_div(scores.T.log_softmax(dim=1), target.T.softmax(dim=1), reduction="batchmean")
    return (by_image + by_class) / 2


def class_relation(image: Tensor, names: Tensor, teacher: Tensor) -> Tensor:
    """1 - correlation of similarities and DeiT's scores, over the images of a class and over the classes of an image.

    The two relation losses of DIST (arXiv 2205.10536), averaged. A class that no photograph of the batch shows has small
    scores only, but how they differ is linear in what DeiT sees, so its name is learned too. `image` `[B, d]`, `names`
    `[C, d]`, `teacher` `[B, C]`.
    """
    with torch.autocast("cpu", enabled=False):
        pair = (image @ names.T, teacher.float())
        over_images, over_classes = (
            torch.mul(*(F.normalize(values - values.mean(axis, keepdim=True), dim=axis) for values in pair)).sum(axis)
            for axis in (0, 1)
        )
        return 1.0 - (over_images.mean() + over_classes.mean()) / 2


def score_matching(image: Tensor, anchors: Tensor, scale: Tensor, teacher: Tensor, teacher_scale: float) -> Tensor:
    """Share of the variance of DeiT's scores that scaled similarities do not repeat; 0 where they differ by constants.

    Both are centred over images and over classes, and the scores are multiplied by `teacher_scale`: so strongly are
    similarities to vary. `image` `[B, d]`, `anchors` `[C, d]`, `teacher` `[B, C]`.
    """
    with torch.autocast("cpu", enabled=False):
        ours, theirs = scale * image @ anchors.T, teacher_scale * teacher.float()
        ours, theirs = (
            values - values.mean(0) - values.mean(1, keepdim=True) + values.mean() for values in (ours, theirs)
        )
        return (ours - theirs).square().mean() / theirs.square().mean()


def class_anchors(image: Tensor, teacher: Tensor, names: Tensor, weights: Tensor) -> Tensor:
    """The teacher's class weights in the embedding space: unit vectors `[C, d]`.

    The last layer's `weights` `[C, k]`, centred, are turned by the isometry (orthogonal Procrustes) that brings the features
    behind the scores `teacher` `[N, C]` closest to the embeddings `image` `[N, d]`. All lean towards the mean embedding as
    far as `names` `[C, d]` do on average, so that they differ only where images differ.
    """
    weights = weights - weights.mean(0)
    scores = teacher - teacher.mean(0)
    scores = scores - scores.mean(1, keepdim=True)
    features = torch.linalg.lstsq(weights, scores.T).solution.T
    mean = F.normalize(image.mean(0), dim=0)
    centred = image - image.mean(0)
    centred = centred - (centred @ mean)[:, None] * mean
    left, _, right = torch.linalg.svd(features.T @ centred, full_matrices=False)
    turned = F.normalize(weights @ left @ right, dim=1)
    lean = (names @ mean).mean()
    return F.normalize(lean * mean + (1 - lean.square()).clamp(min=0).sqrt() * turned, dim=1)
