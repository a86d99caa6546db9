"""Cross-encoders of a few numbers, made in a folder, that say the same of every pair."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def made_cross_encoder(folder: Path, said: Mapping[str, float]) -> Path:
    """A folder with a model of the labels of `said`, in their order, whose logits they are."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz.", *(f"##{c}" for c in "aeiou")]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        id2label=dict(enumerate(said)),
        label2id={label: n for n, label in enumerate(said)},
    )
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor(list(said.values())))
    model.save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
