"""Tube geometry, the gather, and the focal loss against hand-computed cases."""

import math
import unittest
from pathlib import Path

import numpy as np
import torch

from tubelet_training.data.borrowed import nearest_groups
from tubelet_training.data.drawn import Scene, draw, moving_tokens
from tubelet_training.data.questions import colour_questions, number_questions, words_of
from tubelet_training.configuration import load_configuration
from tubelet_training.generate import repeats
from tubelet_training.model.losses import class_anchors, class_relation, focal, focal_contrastive, score_matching
from tubelet_training.model.mammut import Mammut
from tubelet_training.model.positions import Tube, gather_rows, sine_cosine
from tubelet_training.stages.motion import MotionStage

CONFIG = Path(__file__).parents[1] / "configs" / "mammut-ti.json"

IMAGE = Tube("image", (1, 16, 16), (16, 16, 16), (8, 0, 0))
SMALL = Tube("small", (2, 2, 2), (2, 4, 4), (0, 1, 1))


class Geometry(unittest.TestCase):
    def test_the_image_tube_gives_one_frame_of_196_patches(self) -> None:
        self.assertEqual(IMAGE.counts(16, 224), (1, 14, 14))

    def test_counts_follow_floor_of_extent_less_offset_less_kernel(self) -> None:
        self.assertEqual(Tube("t", (8, 4, 4), (3, 32, 32), (4, 8, 8)).counts(16, 224), (2, 7, 7))
        self.assertEqual(Tube("t", (4, 8, 8), (8, 32, 32), (0, 0, 0)).counts(16, 224), (2, 7, 7))

    def test_a_clip_shorter_than_the_offset_has_no_tubes(self) -> None:
        self.assertEqual(IMAGE.counts(1, 224)[0], 0)

    def test_centres_are_index_times_stride_plus_offset_plus_half_the_kernel(self) -> None:
        centres = SMALL.centres(4, 8)
        self.assertEqual(centres.shape, (2 * 2 * 2, 3))
        self.assertEqual(centres[0].tolist(), [1.0, 2.0, 2.0])
        self.assertEqual(centres[-1].tolist(), [3.0, 6.0, 6.0])
        self.assertEqual(centres[1].tolist(), [1.0, 2.0, 6.0])

    def test_the_position_code_of_the_origin_is_zero_sines_and_one_cosines(self) -> None:
        code = sine_cosine(torch.zeros(1, 3), (16, 224, 224), 192)[0].reshape(3, 2, 32)
        self.assertTrue((code[:, 0] == 0).all() and (code[:, 1] == 1).all())

    def test_rows_hold_time_height_width_colour(self) -> None:
        clip = torch.arange(4 * 8 * 8 * 3).reshape(1, 4, 8, 8, 3) % 251
        rows = gather_rows(clip, SMALL)
        self.assertEqual(rows.shape, (1, 8, 24))
        self.assertEqual(rows[0, 1].tolist(), clip[0, 0:2, 1:3, 5:7].flatten().tolist())
        self.assertEqual(rows[0, 6].tolist(), clip[0, 2:4, 5:7, 1:3].flatten().tolist())


class DrawnMotion(unittest.TestCase):
    def test_tubes_see_motion_where_the_shape_passes_and_nowhere_else(self) -> None:
        tube = Tube("t", (4, 8, 8), (8, 32, 32), (0, 0, 0))
        scene = Scene("square", "red", "white", "right", 1)
        clip = draw(scene, 16, 224, np.random.default_rng(3))
        moving = moving_tokens(gather_rows(torch.from_numpy(clip)[None], tube), tube)[0].reshape(2, 7, 7)
        changes = torch.from_numpy((clip[:4] != clip[:1]).any(axis=(0, 3)))
        self.assertTrue(moving.any())
        for row, column in moving[0].nonzero().tolist():
            self.assertTrue(changes[row * 32 : row * 32 + 8, column * 32 : column * 32 + 8].any())
        still = np.repeat(clip[:1], 16, axis=0)
        self.assertFalse(moving_tokens(gather_rows(torch.from_numpy(still)[None], tube), tube).any())

    def test_the_motion_stage_teaches_the_temporal_kernels_alone(self) -> None:
        config = load_configuration(CONFIG)
        model = Mammut(config["model"])
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        settings = config["stages"]["motion"] | {"drawn": 2}
        stage = MotionStage(model, settings, Path(), Path(), None, 1)
        optimiser = torch.optim.SGD(stage.parameter_groups(), lr=0.1)
        loss, _ = stage.loss()
        loss.backward()
        optimiser.step()
        changed = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}
        kernels = {f"vision.projections.{tube}.{part}" for tube in (1, 2, 3) for part in ("weight", "bias")}
        self.assertEqual(changed - {"vision.tube_bias"}, kernels)


class Losses(unittest.TestCase):
    def test_gamma_zero_is_cross_entropy(self) -> None:
        self.assertAlmostEqual(focal(torch.tensor(math.log(0.3)), 0.0).item(), -math.log(0.3), places=6)

    def test_gamma_two_weighs_by_the_squared_missing_probability(self) -> None:
        self.assertAlmostEqual(focal(torch.tensor(math.log(0.3)), 2.0).item(), -0.49 * math.log(0.3), places=6)

    def test_two_orthogonal_pairs_give_the_two_way_softmax(self) -> None:
        pairs = torch.eye(2)
        expected = math.log(1 + math.exp(-5.0))
        self.assertAlmostEqual(focal_contrastive(pairs, pairs, torch.tensor(5.0), 0.0).item(), expected, places=6)

    def test_the_relation_is_one_less_the_correlation_over_images_and_over_classes(self) -> None:
        images = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
        similarities = images @ images.T
        self.assertAlmostEqual(class_relation(images, images, 2 * similarities + 3).item(), 0.0, places=6)
        self.assertAlmostEqual(class_relation(images, images, -similarities).item(), 2.0, places=6)

    def test_scores_that_differ_by_a_constant_for_each_class_agree_over_the_images_alone(self) -> None:
        images = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        # Scores of the first image: 1 and 10, of the second: 0 and 11; similarities 1 and 0, 0 and 1.
        teacher = images @ images.T + torch.tensor([0.0, 10.0])
        # Over the images both classes correlate by 1; over the classes the first image by -1, the second by 1.
        self.assertAlmostEqual(class_relation(images, images, teacher).item(), 0.5, places=6)

    def test_scores_are_matched_where_similarities_differ_from_them_by_constants(self) -> None:
        images = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        teacher = 8 * images @ images.T + torch.tensor([0.0, 3.0]) + torch.tensor([[2.0], [5.0]])
        scale = torch.tensor(4.0)
        self.assertAlmostEqual(score_matching(images, images, scale, teacher, 0.5).item(), 0.0, places=6)
        # Twice as strong: centred similarities are half of what is wanted, and a quarter of the variance is missing.
        self.assertAlmostEqual(score_matching(images, images, scale, teacher, 1.0).item(), 0.25, places=6)

    def test_anchors_are_the_class_weights_turned_to_where_the_images_are(self) -> None:
        # Features on two axes; the images carry them on the second and the third axis, crosswise, and lean to the first.
        features = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
        images = torch.stack([torch.full((4,), 0.6), 0.8 * features[:, 1], 0.8 * features[:, 0]], dim=1)
        weights = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]) + 5
        names = torch.tensor([[0.6, 0.8, 0.0]])
        anchors = class_anchors(images, features @ weights.T + 3, names, weights)
        expected = torch.tensor([[0.6, 0.0, 0.8], [0.6, 0.0, -0.8], [0.6, 0.8, 0.0], [0.6, -0.8, 0.0]])
        self.assertTrue(torch.allclose(anchors, expected, atol=1e-5))

    def test_a_group_that_is_near_to_every_image_is_nobodys_nearest(self) -> None:
        groups = torch.eye(3)
        # Both images are nearest to the third group, each is far nearer than the other to a group of its own.
        images = torch.tensor([[0.8, 0.2, 0.85], [0.2, 0.8, 0.85]])
        self.assertEqual((images @ groups.T).argmax(1).tolist(), [2, 2])
        self.assertEqual(nearest_groups(images, groups, 1)[:, 0].tolist(), [0, 1])


class Words(unittest.TestCase):
    def test_numbers_and_colours_are_read_from_captions(self) -> None:
        words = words_of("Two men with a brown dog run past a black and white cat")
        self.assertEqual([q.answer for q in number_questions(words)], ["two"])
        self.assertEqual([q.answer for q in colour_questions(words)], ["brown", "black and white"])

    def test_an_id_that_would_repeat_a_trigram_is_banned(self) -> None:
        self.assertEqual(repeats([1, 2, 3, 9, 1, 2], 3), {3})
        self.assertEqual(repeats([1, 2], 3), set())


if __name__ == "__main__":
    unittest.main()
