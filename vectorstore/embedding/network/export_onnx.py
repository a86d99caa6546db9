"""Writes half of the network as an ONNX file:
`python -m vectorstore.embedding.network.export_onnx WEIGHTS lower|upper FILE`.

Runs in a process of its own, because it needs torch, which nothing after it does. The network is checked against
torch, then its matrices are written as 8-bit integers (one scale a channel, 7 bits used, so that no processor's integer
arithmetic saturates), but for the few channels of each feed-forward pair that 8 bits do not hold (`outliers`). The
tokenizer travels in the file. It appears under its name only when all that has been done.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.disk.packaged import packaged
from vectorstore.embedding.derived import export_failed
from vectorstore.embedding.network.base import base_file, base_weights, check_base

if TYPE_CHECKING:
    from torch import Tensor

    from vectorstore.embedding.network.mpnet import ReaderNetwork

LARGEST_DIFFERENCE = 1e-3
LOWER, UPPER = ("states", "codes", "importance"), ("starts", "ends", "judged", "sentence", "needed", "support")
"""What each half puts out."""
KEPT_WIDE = ("/few/", "/few_outer/", "/down/", "/up/", "/weigh/")
"""Parts of the names of the products that stay in 32-bit floats."""
SAMPLE = (
    ("When was the pier opened?", "Pier", "The pier was opened in 1887 by Ada Reyes. It burned down nine years later."),
    ("who keeps the key", "", "- Keys: Tom (office), Ann [store]\n- Tel. 0555 / 12 34; fax: none"),
    ("What does it cost, and for whom?", "Fees and prices", "Adults pay $12.50; children under 6 enter “for free”."),
)
"""Questions with a heading and a text, on which the channels that stay in floats are found; any will do."""


def export(weights: Path, part: str, target: Path) -> None:
    """Writes `target`, the half named by `part`; see `mpnet.Lower` and `mpnet.Upper` for what goes in and out. Raises
    AttestError where what it is made from is damaged, RuntimeError where its outputs differ from torch's by more than
    1e-3 before quantisation."""
    import numpy as np
    import onnxruntime
    import torch

    from vectorstore.embedding.network.mpnet import CODE, WIDTH, Lower, Upper
    from vectorstore.embedding.network.outliers import split

    network = shipped_network(weights)
    ids, side = (torch.arange(60)[None] * 7919) % 20000 + 1000, torch.tensor([1])
    free: dict[str, dict[int, str]]
    if part == "lower":
        module: torch.nn.Module = Lower(network)
        inputs, short = (ids, side), (ids[:, :33], side)
        names, outputs = ["ids", "side"], list(LOWER)
        free = {"ids": {1: "n"}, "states": {1: "n"}, "codes": {1: "n"}, "importance": {1: "n"}}
    else:
        module = Upper(network)
        with torch.no_grad():
            lower = Lower(network)
            question, codes = lower(ids[:, :14] + 5, torch.tensor([0]))[0], lower(ids, side)[1]
        assert question.shape[2] == WIDTH and codes.shape[2] == CODE
        inputs, short = (question, codes), (question[:, :9], codes[:, :33])
        names, outputs = ["question", "codes"], list(UPPER)
        free = {"question": {1: "q"}, "codes": {1: "p"}, "starts": {1: "s"}, "ends": {1: "s"}, "sentence": {1: "p"}}
        free["needed"] = {1: "p"}
    with torch.no_grad():
        references = [out.numpy() for out in module.eval()(*inputs)]
        split(network, _sample())
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as scratch:
        plain, prepared, small = (Path(scratch) / f"{name}.onnx" for name in ("plain", "prepared", "small"))
        torch.onnx.export(
            module,
            short,
            str(plain),
            dynamo=False,
            opset_version=17,
            input_names=names,
            output_names=outputs,
            dynamic_axes=free,
        )
        session = onnxruntime.InferenceSession(str(plain), providers=["CPUExecutionProvider"])
        found = session.run(outputs, {name: value.numpy() for name, value in zip(names, inputs, strict=True)})
        difference = max(float(np.abs(a - b).max()) for a, b in zip(found, references, strict=True))
        if not difference < LARGEST_DIFFERENCE:
            raise RuntimeError(f"the exported reader differs from torch by {difference:.2g}")
        del session
        _quantise(plain, prepared, small)
        os.replace(small, target)


def shipped_network(weights: Path) -> ReaderNetwork:
    """The network with the weights of a file that `weights.compress` wrote. Raises AttestError where what it is made
    from is damaged, RuntimeError where the weights are those of another network."""
    import torch

    from vectorstore.embedding.network.mpnet import APART, ReaderNetwork
    from vectorstore.embedding.network.names import NOT_TRAINED, published_name
    from vectorstore.embedding.network.weights import expand

    check_base()
    base = base_weights()
    network = ReaderNetwork(APART)
    network.load_published({name: torch.from_numpy(value) for name, value in base.items()})
    trained = {name: torch.from_numpy(value) for name, value in expand(packaged(weights), base).items()}
    missing, unexpected = network.load_state_dict(trained, strict=False)
    left = [name for name in missing if not (name.startswith(NOT_TRAINED) and published_name(name))]
    if unexpected or left:
        raise RuntimeError(f"the stored weights do not fit the network: {unexpected or left}")
    return network.eval()


def _sample() -> list[tuple[Tensor, Tensor]]:
    """Token ids (1, n) of questions, each with a passage under its heading."""
    import torch
    from tokenizers import Tokenizer

    from vectorstore.embedding.encoder import END, START

    tokenizer = Tokenizer.from_str(base_file("tokenizer.json").decode("utf-8"))

    def ids(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    return [
        (
            torch.tensor([[START, *ids(question), END]]),
            torch.tensor([[START, *([*ids(heading), END, END] if heading else []), *ids(text), END]]),
        )
        for question, heading, text in SAMPLE
    ]


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
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[node.name for node in nodes if any(part in node.name for part in KEPT_WIDE)],
        extra_options={"MatMulConstBOnly": True},
    )
    model = onnx.load(str(small))
    onnx.helper.set_model_props(model, {"tokenizer": base_file("tokenizer.json").decode("utf-8")})
    onnx.save(model, str(small))


def main() -> int:
    """Exit code 0 where the file is in place; else that of `export_failed`."""
    warnings.simplefilter("ignore")
    try:
        export(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    except Exception as error:
        return export_failed(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
