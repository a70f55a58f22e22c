"""The sub-word tokenizer: WordPiece over lower-cased text without accents, trained on all captions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

PAD, BOS, EOS, UNK, CAPTION, QUESTION, ANSWER = range(7)
AROUND = r'^[\s"]+|[\s".]+$'
SPECIAL = ["<pad>", "<bos>", "<eos>", "<unk>", "<caption>", "<question>", "<answer>"]


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """A WordPiece tokenizer with the special tokens first, in the order of `SPECIAL`."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="<unk>", max_input_chars_per_word=40))
    # Captions are trained on without quotes around them and without their last full stop (`captions.clean`); what a person
    # types is brought into the same form.
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(AROUND), ""),
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=False, strip_accents=True, lowercase=True
            ),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL,
        initial_alphabet=list("abcdefghijklmnopqrstuvwxyz0123456789"),
        limit_alphabet=60,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer stored at `path` (`tokenizer.json`)."""
    return Tokenizer.from_file(str(path))


class TextCodec:
    """Text to padded id rows and back, with the prompts that the model pack's manifest names."""

    def __init__(self, tokenizer: Tokenizer, length: int) -> None:
        self.tokenizer, self.length = tokenizer, length

    def ids(self, text: str) -> list[int]:
        """The ids of `text` alone."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def many(self, texts: list[str]) -> list[list[int]]:
        """The ids of many texts."""
        return [encoding.ids for encoding in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def search(self, ids: list[int]) -> list[int]:
        """Ids for pass 1: `<bos> text <eos>`."""
        return [BOS, *ids[: self.length - 2], EOS]

    def caption(self, ids: list[int]) -> list[int]:
        """Ids for captioning: `<bos> <caption> text <eos>`."""
        return [BOS, CAPTION, *ids[: self.length - 3], EOS]

    def answer(self, question: list[int], answer: list[int]) -> list[int]:
        """Ids for answering: `<bos> <question> question <answer> answer <eos>`."""
        return [BOS, QUESTION, *question[: self.length - 8], ANSWER, *answer[:4], EOS]

    def decode(self, ids: list[int]) -> str:
        """Words of `ids`, without special tokens."""
        return self.tokenizer.decode([i for i in ids if i >= len(SPECIAL)])
