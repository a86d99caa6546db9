"""Writes a BERT-like model as an ONNX file: `python -m vectorstore.embedding.export_onnx MODEL_DIRECTORY FILE`.

Runs in a process of its own, because it needs torch and transformers, which nothing after it does. The file appears
under its name only when its outputs equal torch's, on padded rows too. The outputs are token vectors; `minilm.py` pools
them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from vectorstore.embedding.derived import export_failed
from vectorstore.embedding.minilm import check_model

LARGEST_DIFFERENCE = 1e-4
OPSET = 17


def export(model_directory: Path, target: Path) -> None:
    """Writes `target` with inputs ids, mask (both int64, (batch, length)) and output tokens (float32, (batch,
    length, d)). Raises AttestError where the model is not the published one, RuntimeError where its outputs differ
    from torch's by more than 1e-4."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    import torch
    import transformers

    check_model(model_directory)
    model = transformers.AutoModel.from_pretrained(
        model_directory, attn_implementation="eager", local_files_only=True, trust_remote_code=False
    ).eval()

    class TokenVectors(torch.nn.Module):
        """The model with its attention mask spelled out, so that tracing records it instead of a shortcut."""

        def __init__(self) -> None:
            super().__init__()
            self.embeddings, self.encoder = model.embeddings, model.encoder

        def forward(self, ids: Any, mask: Any) -> Any:
            bias = (1.0 - mask[:, None, None, :].to(torch.float32)) * -1e9
            return self.encoder(self.embeddings(input_ids=ids), attention_mask=bias).last_hidden_state

    # The references are computed before the export: tracing leaves the mask handling of the model changed.
    batches = [_batch(torch, lengths) for lengths in ((9,), (12, 7, 3), (40, 40, 21, 2), (256, 130))]
    with torch.no_grad():
        references = [model(input_ids=ids, attention_mask=mask).last_hidden_state.numpy() for ids, mask in batches]
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".export-", suffix=".onnx")
    os.close(descriptor)
    try:
        axes = {name: {0: "batch", 1: "length"} for name in ("ids", "mask", "tokens")}
        torch.onnx.export(
            TokenVectors(),
            batches[1],
            temporary,
            dynamo=False,
            opset_version=OPSET,
            input_names=["ids", "mask"],
            output_names=["tokens"],
            dynamic_axes=axes,
        )
        _compare(Path(temporary), batches, references)
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _batch(torch: Any, lengths: tuple[int, ...]) -> tuple[Any, Any]:
    """Token ids that look like text and their mask, one row for each length."""
    longest = max(lengths)
    ids = (torch.arange(len(lengths) * longest).reshape(len(lengths), longest) * 7919) % 20000 + 1000
    mask = (torch.arange(longest)[None, :] < torch.tensor(lengths)[:, None]).long()
    return ids * mask, mask


def _compare(file: Path, batches: list[tuple[Any, Any]], references: list[Any]) -> None:
    import numpy as np
    import onnxruntime

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    for (ids, mask), reference in zip(batches, references, strict=True):
        (tokens,) = session.run(None, {"ids": ids.numpy(), "mask": mask.numpy()})
        difference = float(np.abs((tokens - reference) * mask.numpy()[..., None]).max())
        if not difference < LARGEST_DIFFERENCE:
            raise RuntimeError(f"the exported model differs from torch by {difference:.2g}")


def main() -> int:
    """Exit code 0 where the file is in place; else that of `export_failed`."""
    warnings.simplefilter("ignore")
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]))
    except Exception as error:
        return export_failed(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
