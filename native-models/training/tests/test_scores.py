"""The caption scores against examples worked out by hand."""

import math
import unittest

from tubelet_training.evaluation.captions import bleu, cider, tokenise


class Bleu(unittest.TestCase):
    def test_a_caption_equal_to_a_reference_scores_one(self) -> None:
        self.assertAlmostEqual(bleu(["a dog runs on grass"], [["a dog runs on grass", "dog"]])[3], 1.0)

    def test_papineni_clips_repeated_words(self) -> None:
        # "the" x 7 against references that hold "the" at most twice: 2/7 (Papineni et al. 2002, section 2.1).
        scores = bleu(["the the the the the the the"], [["the cat is on the mat", "there is a cat on the mat"]], 1)
        self.assertAlmostEqual(scores[0], 2 / 7)

    def test_short_captions_pay_the_brevity_penalty(self) -> None:
        # Four matching words against six: precision 1 for unigrams, exp(1 - 6/4).
        scores = bleu(["the cat is on"], [["the cat is on the mat"]], 1)
        self.assertAlmostEqual(scores[0], math.exp(1 - 6 / 4))

    def test_four_grams_combine_by_geometric_mean(self) -> None:
        # 5/6 unigrams, 3/5 bigrams, 1/4 trigrams, 0/3 four-grams -> zero; BLEU-3 is (5/6 * 3/5 * 1/4)^(1/3).
        scores = bleu(["the cat sat on the mat"], [["the cat is on the mat"]])
        self.assertAlmostEqual(scores[2], (5 / 6 * 3 / 5 * 1 / 4) ** (1 / 3))
        self.assertEqual(scores[3], 0.0)


class Cider(unittest.TestCase):
    def test_equal_captions_of_distinct_photographs_score_ten(self) -> None:
        captions = ["a dog runs on grass", "two red cars stand still"]
        self.assertAlmostEqual(cider(captions, [[caption] for caption in captions]), 10.0)

    def test_words_that_every_photograph_has_weigh_nothing(self) -> None:
        self.assertEqual(cider(["a a", "a a"], [["a a b"], ["a a c"]]), 0.0)

    def test_half_of_the_unigrams_gives_the_cosine_times_the_length_penalty(self) -> None:
        # Unigram vectors (1,1,0) and (1,0,1), equal idf: cosine 1/2; no common bigram: 10 * (1/2) / 4.
        self.assertAlmostEqual(cider(["x y", "p"], [["x z"], ["q"]]), 10 * 0.5 / 4 / 2)


class Tokens(unittest.TestCase):
    def test_punctuation_and_case_do_not_count(self) -> None:
        self.assertEqual(tokenise("A man's dog, running."), ["a", "man's", "dog", "running"])


if __name__ == "__main__":
    unittest.main()
