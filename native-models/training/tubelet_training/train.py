"""Train one stage: `python -m tubelet_training.train --config C --stage S --data D --work W`.

The stages are the keys of `STAGES`, in this order.

A stage starts from the finished stage before it (`start` in its settings), writes `<run>-<stage>.pt` with everything
needed to resume, and appends one JSON line a report to `<run>-<stage>.log`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from pathlib import Path

import numpy as np
import torch

from . import checkpoint
from .configuration import load_configuration
from .data.tokenizer import TextCodec, load_tokenizer
from .model.mammut import Mammut, load_deit
from .stages.frozen import FrozenStage
from .stages.located import LocatedStage
from .stages.motion import MotionStage
from .stages.named import NamedStage
from .stages.text import TextStage
from .stages.tuned import TunedStage

STAGES = {
    "text": TextStage,
    "frozen": FrozenStage,
    "broad": FrozenStage,
    "tuned": TunedStage,
    "long": TunedStage,
    "motion": MotionStage,
    "motion-through": MotionStage,
    "moving": TunedStage,
    "named": NamedStage,
    "borrowed": NamedStage,
    "located": LocatedStage,
}


def learning_rate(step: int, progress: float, warm_up: int) -> float:
    """Factor of the learning rate: linear warm-up, then half a cosine to zero as `progress` goes from 0 to 1."""
    return min(1.0, (step + 1) / warm_up) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))


class Run:
    """One stage of training, its optimiser, its averaged weights, its log and its checkpoint."""

    def __init__(self, config: dict, stage: str, data: Path, work: Path, compiled: bool = False) -> None:
        self.config, self.settings = config, config["stages"][stage]
        self.path = work / f"{config['run']}-{stage}.pt"
        self.log_path = self.path.with_suffix(".log")
        torch.manual_seed(config["seed"])
        random.seed(config["seed"])
        np.random.seed(config["seed"])
        self.model = Mammut(config["model"])
        load_deit(self.model.vision, data / "deit-tiny" / "deit_tiny_patch16_224.onnx")
        self.averaged = {name: tensor.clone() for name, tensor in self.model.state_dict().items()}
        self.step, self.seconds = 0, 0.0
        self.resume(work)
        for block in self.model.vision.blocks if compiled else ():
            block.compile(dynamic=False)
        codec = TextCodec(load_tokenizer(work / "tokenizer.json"), config["model"]["decoder"]["length"])
        self.stage = STAGES[stage](self.model, self.settings, data, work, codec, config["seed"] + self.step)
        groups = self.stage.parameter_groups()
        self.optimiser = torch.optim.AdamW(groups, weight_decay=self.settings["weight_decay"], betas=(0.9, 0.98))
        if self.step:
            self.optimiser.load_state_dict(self.content["optimiser"])
        self.base_rates = [group["lr"] for group in groups]
        self.content = None

    def resume(self, work: Path) -> None:
        """Go on from this stage's checkpoint, or start from the stage that the settings name."""
        self.content = None
        if self.path.exists():
            self.content = torch.load(self.path, map_location="cpu", weights_only=False)
            self.model.load_state_dict(self.content["model"])
            self.averaged, self.step = self.content["averaged"], self.content["step"]
            self.seconds = self.content["seconds"]
        elif self.settings["start"]:
            start = torch.load(work / self.settings["start"], map_location="cpu", weights_only=False)
            self.model.load_state_dict(start["averaged"])
            self.averaged = start["averaged"]

    def average(self) -> None:
        """Exponential moving average of the weights; young averages forget faster."""
        decay = min(self.settings["average"], (1 + self.step) / (10 + self.step))
        for name, tensor in self.model.state_dict().items():
            if tensor.is_floating_point():
                self.averaged[name].lerp_(tensor.detach(), 1 - decay)

    def save(self) -> None:
        """Write the checkpoint."""
        checkpoint.save(
            self.path,
            {
                "model": self.model.state_dict(),
                "averaged": self.averaged,
                "step": self.step,
                "seconds": self.seconds,
                "optimiser": self.optimiser.state_dict(),
                "config": self.config,
            },
        )

    def progress(self) -> float:
        """How much of the stage is done, 0..1: by steps, or by minutes of work where the machine is slower."""
        return max(self.step / self.settings["steps"], self.seconds / 60 / self.settings["minutes"])

    def train(self) -> None:
        """Run to the end of the stage."""
        settings, sums, seen = self.settings, {}, 0
        self.model.train()
        while self.progress() < 1.0:
            # Work, not waiting: the main thread's own time, so that a machine shared with others does not cut a stage short.
            started = time.thread_time()
            factor = learning_rate(self.step, self.progress(), settings["warm_up"])
            for group, rate in zip(self.optimiser.param_groups, self.base_rates):
                group["lr"] = rate * factor
            with torch.autocast("cpu", torch.bfloat16):
                loss, parts = self.stage.loss()
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(
                [p for group in self.optimiser.param_groups for p in group["params"]], settings["clip"]
            )
            self.optimiser.step()
            self.step += 1
            self.average()
            self.seconds += time.thread_time() - started
            seen += 1
            finished = self.progress() >= 1.0
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + value
            if self.step % settings["report"] == 0 or finished:
                self.report({name: round(value / seen, 4) for name, value in sums.items()})
                sums, seen = {}, 0
            if self.step % settings["save"] == 0 or finished:
                self.save()
            if self.step % settings["measure"] == 0 or finished:
                self.measure()

    def measure(self) -> None:
        """Held-out numbers of the averaged weights, for the log."""
        held = {name: tensor.clone() for name, tensor in self.model.state_dict().items()}
        self.model.load_state_dict(self.averaged)
        self.model.eval()
        with torch.compiler.set_stance("force_eager"):
            line = json.dumps({"step": self.step, "held_out": self.stage.measure()})
        self.model.load_state_dict(held)
        self.model.train()
        with open(self.log_path, "a", encoding="utf-8") as log:
            log.write(line + "\n")
        print(line, flush=True)

    def report(self, parts: dict[str, float]) -> None:
        """One JSON line to the log and to the terminal."""
        line = json.dumps(
            {"step": self.step, **parts, "scale": round(self.model.scale().item(), 2), "seconds": round(self.seconds)}
        )
        with open(self.log_path, "a", encoding="utf-8") as log:
            log.write(line + "\n")
        print(line, flush=True)


def main() -> None:
    """Train the stage named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("TUBELET_DATA"), help="the data folder")
    parser.add_argument("--work", type=Path, required=True, help="where caches and checkpoints are")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compile", action="store_true", help="compile the vision blocks (needs a C++ compiler)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_float32_matmul_precision("medium")  # what autocast leaves in fp32 is multiplied in bfloat16 as well
    data = Path(arguments.data)
    Run(load_configuration(arguments.config), arguments.stage, data, arguments.work, arguments.compile).train()


if __name__ == "__main__":
    main()
