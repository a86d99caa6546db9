"""Writes the reader as an ONNX file: `python -m assistant.reader.export_onnx MODEL_DIRECTORY WEIGHTS FILE`.

Runs in a process of its own, because it needs torch, which nothing after it does. The network is checked against
torch, then its matrices are written as 8-bit integers (one scale a channel, 7 bits used, so that no processor's integer
arithmetic saturates); the file appears under its name only when all that has been done.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path

from vectorstore.disk.packaged import packaged
from vectorstore.embedding.derived import export_failed
from vectorstore.embedding.minilm import check_model

LARGEST_DIFFERENCE = 1e-3


def export(model_directory: Path, weights: Path, target: Path) -> None:
    """Writes `target`: ids, types, mask (int64, (batch, length)) in; span, relevance, answers out. Raises
    AttestError where what it is made from is damaged, RuntimeError where its outputs differ from torch's by more than
    1e-3 before quantisation."""
    import numpy as np
    import onnxruntime
    import torch
    from safetensors.numpy import load_file

    from assistant.reader.network import ReaderNetwork
    from assistant.reader.weights import NOT_STORED, expand

    check_model(model_directory)
    network = ReaderNetwork(model_directory)
    trained = expand(packaged(weights), load_file(model_directory / "model.safetensors"))
    missing, unexpected = network.load_state_dict({k: torch.from_numpy(v) for k, v in trained.items()}, strict=False)
    if unexpected or any(not name.startswith(NOT_STORED) for name in missing):
        raise RuntimeError(f"the stored weights do not fit the network: {unexpected or missing}")
    network.eval()
    ids = (torch.arange(96).reshape(2, 48) * 7919) % 20000 + 1000
    types = (torch.arange(48)[None, :] >= 12).long().repeat(2, 1)
    mask = (torch.arange(48)[None, :] < torch.tensor([48, 30])[:, None]).long()
    with torch.no_grad():
        references = [out.numpy() for out in network(ids, types, mask)]
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".export-", suffix=".onnx")
    os.close(descriptor)
    try:
        axes = {name: {0: "batch", 1: "length"} for name in ("ids", "types", "mask", "span")}
        torch.onnx.export(
            network,
            (ids[:, :20], types[:, :20], mask[:, :20]),
            temporary,
            dynamo=False,
            opset_version=17,
            input_names=["ids", "types", "mask"],
            output_names=["span", "relevance", "answers"],
            dynamic_axes={**axes, "relevance": {0: "batch"}, "answers": {0: "batch"}},
        )
        session = onnxruntime.InferenceSession(temporary, providers=["CPUExecutionProvider"])
        outputs = session.run(None, {"ids": ids.numpy(), "types": types.numpy(), "mask": mask.numpy()})
        seen = mask.numpy()[..., None]
        differences = [np.abs((outputs[0] - references[0]) * seen).max()]
        differences += [np.abs(a - b).max() for a, b in zip(outputs[1:], references[1:], strict=True)]
        if not max(differences) < LARGEST_DIFFERENCE:
            raise RuntimeError(f"the exported reader differs from torch by {max(differences):.2g}")
        _quantise(Path(temporary))
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _quantise(network: Path) -> None:
    """Replaces the file by one with 8-bit matrices."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory(dir=network.parent) as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(str(network), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            prepared,
            network,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )


def main() -> int:
    """Exit code 0 where the file is in place; else that of `export_failed`."""
    warnings.simplefilter("ignore")
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
    except Exception as error:
        return export_failed(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
