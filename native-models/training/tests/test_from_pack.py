"""A pack can be read back into the model that it was exported from."""

import tempfile
import unittest
from pathlib import Path

import torch

from tubelet_training.export import export_graphs, share_weights
from tubelet_training.from_pack import load_pack, wake_time
from tubelet_training.model.mammut import Mammut
from tubelet_training.model.positions import gather_rows

CONFIG = {
    "embedding": 64,
    "logit_scale": 10.0,
    "vision": {
        "frames": 8,
        "size": 64,
        "seconds": 4,
        "width": 48,
        "depth": 2,
        "heads": 3,
        "tubes": [
            {"name": "image", "kernel": [1, 16, 16], "stride": [8, 16, 16], "offset": [4, 0, 0]},
            {"name": "tube", "kernel": [4, 8, 8], "stride": [4, 32, 32], "offset": [0, 0, 0]},
        ],
    },
    "decoder": {
        "vocabulary": 60,
        "width": 80,
        "layers": 2,
        "heads": 2,
        "length": 12,
        "dropout": 0.0,
        "abstention": {"id": 9, "penalty": 1.0},
    },
}


def random_model() -> Mammut:
    """A small model with no weight left at a value that could be right by chance."""
    torch.manual_seed(3)
    model = Mammut(CONFIG)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.2)
    return model.eval()


def rows_of(model: Mammut) -> list[torch.Tensor]:
    """Tube rows of two random clips."""
    clip = torch.randint(0, 256, (2, 8, 64, 64, 3), dtype=torch.uint8)
    return [gather_rows(clip, tube) for tube in model.tubes]


class FromPack(unittest.TestCase):
    @torch.no_grad()
    def test_an_exported_model_comes_back_as_it_was(self) -> None:
        model = random_model()
        with tempfile.TemporaryDirectory() as folder:
            export_graphs(model, Path(folder))
            share_weights(Path(folder))
            again = load_pack({"model": CONFIG}, Path(folder), None).eval()
        rows, ids = rows_of(model), torch.tensor([[1, 5, 20, 2], [1, 7, 2, 0]])
        for expected, found in zip(model.encode_rows(rows), again.encode_rows(rows)):
            torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(again.decoder.encode(ids), model.decoder.encode(ids))
        tokens = model.encode_rows(rows)[1]
        torch.testing.assert_close(again.decoder.hidden(ids, tokens)[0], model.decoder.hidden(ids, tokens)[0])
        torch.testing.assert_close(again.decoder.word_bias, model.decoder.word_bias)
        text = model.decoder.encode(ids)
        torch.testing.assert_close(again.locate(tokens, text), model.locate(tokens, text))

    @torch.no_grad()
    def test_waking_time_leaves_stills_alone_and_tells_two_moments_apart(self) -> None:
        model = random_model()
        model.vision.fixed_gain.zero_()
        rows = rows_of(model)
        image, tube = model.vision.embed(0, rows[0]), model.vision.embed(1, rows[1])
        self.assertEqual(model.vision.positions(1)[0].tolist(), model.vision.positions(1)[4].tolist())
        wake_time(model, 0.5)
        torch.testing.assert_close(model.vision.embed(0, rows[0]), image, atol=1e-4, rtol=1e-4)
        self.assertGreater((model.vision.embed(1, rows[1]) - tube).abs().max().item(), 0.01)
        self.assertNotEqual(model.vision.positions(1)[0].tolist(), model.vision.positions(1)[4].tolist())


if __name__ == "__main__":
    unittest.main()
