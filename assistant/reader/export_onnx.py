"""Writes the reader as an ONNX file: `python -m assistant.reader.export_onnx WEIGHTS FILE`.

Runs in a process of its own, because it needs torch, which nothing after it does. The network is checked against
torch, then its matrices are written as 8-bit integers (one scale a channel, 7 bits used, so that no processor's integer
arithmetic saturates), but for the second of each layer's feed-forward pair: what goes into it has outliers that 8 bits
do not hold (Dettmers et al. 2022). The tokenizer travels in the file. It appears under its name only when all that has
been done.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path

from assistant.reader.base import base_file, base_weights, check_base
from vectorstore.disk.packaged import packaged
from vectorstore.embedding.derived import export_failed

LARGEST_DIFFERENCE = 1e-3
OUTPUTS = ["starts", "ends", "judged", "sentence"]
KEPT_WIDE = "/outer/"
"""Part of the names of the products that stay in 32-bit floats."""


def export(weights: Path, target: Path) -> None:
    """Writes `target`: question, passage (int64, (1, length)) in; starts, ends (1, 1 + p), judged (1, 2), sentence
    (1, p) out. Raises AttestError where what it is made from is damaged, RuntimeError where its outputs differ from
    torch's by more than 1e-3 before quantisation."""
    import numpy as np
    import onnxruntime
    import torch

    from assistant.reader.mpnet import OneRead, ReaderNetwork
    from assistant.reader.names import NOT_TRAINED, published_name
    from assistant.reader.weights import expand

    check_base()
    base = base_weights()
    network = ReaderNetwork()
    network.load_published({name: torch.from_numpy(value) for name, value in base.items()})
    trained = {name: torch.from_numpy(value) for name, value in expand(packaged(weights), base).items()}
    missing, unexpected = network.load_state_dict(trained, strict=False)
    left = [name for name in missing if not (name.startswith(NOT_TRAINED) and published_name(name))]
    if unexpected or left:
        raise RuntimeError(f"the stored weights do not fit the network: {unexpected or left}")
    one = OneRead(network.eval())
    question, passage = ((torch.arange(n)[None] * 7919) % 20000 + 1000 for n in (14, 60))
    with torch.no_grad():
        references = [out.numpy() for out in one(question, passage)]
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as scratch:
        plain, prepared, small = (Path(scratch) / f"{name}.onnx" for name in ("plain", "prepared", "small"))
        lengths = {"question": "q", "passage": "p", "starts": "s", "ends": "s", "sentence": "p"}
        torch.onnx.export(
            one,
            (question[:, :9], passage[:, :33]),
            str(plain),
            dynamo=False,
            opset_version=17,
            input_names=["question", "passage"],
            output_names=OUTPUTS,
            dynamic_axes={name: {1: length} for name, length in lengths.items()},
        )
        session = onnxruntime.InferenceSession(str(plain), providers=["CPUExecutionProvider"])
        outputs = session.run(OUTPUTS, {"question": question.numpy(), "passage": passage.numpy()})
        difference = max(float(np.abs(a - b).max()) for a, b in zip(outputs, references, strict=True))
        if not difference < LARGEST_DIFFERENCE:
            raise RuntimeError(f"the exported reader differs from torch by {difference:.2g}")
        del session
        _quantise(plain, prepared, small)
        os.replace(small, target)


def _quantise(plain: Path, prepared: Path, small: Path) -> None:
    """Writes `small`, with 8-bit matrices and the tokenizer."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
    plain.unlink()
    nodes = onnx.load(str(prepared), load_external_data=False).graph.node
    quantize_dynamic(
        prepared,
        small,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[node.name for node in nodes if KEPT_WIDE in node.name],
        extra_options={"MatMulConstBOnly": True},
    )
    model = onnx.load(str(small))
    onnx.helper.set_model_props(model, {"tokenizer": base_file("tokenizer.json").decode("utf-8")})
    onnx.save(model, str(small))


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
