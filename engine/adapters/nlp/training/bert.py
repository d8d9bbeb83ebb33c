"""The MiniLM encoder in plain torch, from the weights in a safetensors file, with one joint head."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.adapters.nlp.labels import WIDTH


class Layer(nn.Module):
    """One layer: attention to the whole text, then a perceptron; normalised after each (BERT)."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_attention = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(texts, tokens, width) to the same shape; `bias` is -inf (or so) where there is no token."""
        rows, length, width = x.shape
        shape = (rows, length, 3, self.heads, width // self.heads)
        query, key, value = self.qkv(x).view(shape).permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias
        mixed = functional.dropout(scores.softmax(-1), self.dropout, self.training) @ value
        mixed = self.out(mixed.transpose(1, 2).reshape(rows, length, width))
        x = self.norm_attention(x + functional.dropout(mixed, self.dropout, self.training))
        inner = self.down(functional.gelu(self.up(x)))
        return self.norm(x + functional.dropout(inner, self.dropout, self.training))


class Encoder(nn.Module):
    """Token ids and mask to `WIDTH` logits, by the mean of the last layer."""

    def __init__(self, config: dict[str, Any], dropout: float = 0.1) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(width, config["num_attention_heads"], config["intermediate_size"], dropout)
            for _ in range(config["num_hidden_layers"])
        )
        self.head = nn.Linear(width, WIDTH)
        self.dropout = dropout

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(texts, tokens) integers, twice, to (texts, WIDTH) logits."""
        there = attention_mask.to(self.norm.weight.dtype)
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.norm(self.words(input_ids) + self.places(places))
        x = functional.dropout(x, self.dropout, self.training)
        bias = (there[:, None, None, :] - 1.0) * 1e4
        for layer in self.layers:
            x = layer(x, bias)
        mean = (x * there[:, :, None]).sum(1) / there.sum(1, keepdim=True)
        return self.head(functional.dropout(mean, self.dropout, self.training))


def pretrained(folder: Path, dropout: float = 0.1) -> Encoder:
    """The encoder with the weights of all-MiniLM-L6-v2 and a new head; word embeddings are frozen.

    `folder` holds `config.json` and `model.safetensors` in the layout of Hugging Face.
    """
    from safetensors.torch import load_file

    found = load_file(folder / "model.safetensors")
    encoder = Encoder(json.loads((folder / "config.json").read_text()), dropout)
    state = dict(encoder.state_dict())
    # There is only one segment here, so its embedding joins those of the places.
    state["words.weight"] = found["embeddings.word_embeddings.weight"]
    state["places.weight"] = (
        found["embeddings.position_embeddings.weight"]
        + found["embeddings.token_type_embeddings.weight"][0]
    )
    for part in ("weight", "bias"):
        state[f"norm.{part}"] = found[f"embeddings.LayerNorm.{part}"]
        for number in range(len(encoder.layers)):
            old, new = f"encoder.layer.{number}.", f"layers.{number}."
            state[f"{new}qkv.{part}"] = torch.cat(
                [found[f"{old}attention.self.{one}.{part}"] for one in ("query", "key", "value")]
            )
            for mine, theirs in NAMES.items():
                state[f"{new}{mine}.{part}"] = found[f"{old}{theirs}.{part}"]
    encoder.load_state_dict(state)
    encoder.words.weight.requires_grad_(False)
    return encoder


NAMES = {
    "out": "attention.output.dense",
    "norm_attention": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}
