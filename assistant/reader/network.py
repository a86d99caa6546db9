"""The reader as a torch module: the MiniLM trunk with a span head, two judging heads, and one for training
alone that doubts words of the question.

Used to train it and to write it as an ONNX file; answering a question needs neither.
"""

from __future__ import annotations

import os
from pathlib import Path

import torch
from torch import Tensor, nn


class ReaderNetwork(nn.Module):
    """Question and passage in, `(span (b, t, 2), relevance (b), answers (b))` logits out.

    The attention mask is spelled out as a bias, so that tracing for ONNX records it. Training also looks at which words
    of the question the passage does not bear out; that head is neither stored nor asked afterwards.
    """

    def __init__(self, model_dir: Path) -> None:
        super().__init__()
        os.environ["HF_HUB_OFFLINE"] = "1"
        from transformers import AutoModel

        trunk = AutoModel.from_pretrained(model_dir, attn_implementation="eager", local_files_only=True)
        self.trunk = trunk
        for parameter in self.trunk.embeddings.parameters():
            parameter.requires_grad = False
        size = trunk.config.hidden_size
        self.span = nn.Linear(size, 2)
        self.judge = nn.Linear(2 * size, 2)
        self.doubt = nn.Linear(size, 1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self._judged(self._tokens(ids, types, mask), mask)

    def with_doubt(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The same, and a logit for each token, (b, t): that the passage does not bear it out."""
        tokens = self._tokens(ids, types, mask)
        return *self._judged(tokens, mask), self.doubt(tokens)[..., 0]

    def _tokens(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        bias = (1.0 - mask[:, None, None, :].to(torch.float32)) * -1e9
        embedded = self.trunk.embeddings(input_ids=ids, token_type_ids=types)
        tokens: Tensor = self.trunk.encoder(embedded, attention_mask=bias).last_hidden_state
        return tokens

    def _judged(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        weight = mask.unsqueeze(-1).to(tokens.dtype)
        pooled = torch.cat([tokens[:, 0], (tokens * weight).sum(1) / weight.sum(1)], dim=1)
        judged = self.judge(pooled)
        return self.span(tokens), judged[:, 0], judged[:, 1]
