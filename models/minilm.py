"""The network in torch: MiniLM with shape embeddings, and the heads that train it. Needed for training only."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from corpora import ENTITY_LABELS
from safetensors.torch import load_file
from torch import Tensor, nn

from frontlog.language.wordpieces import Shape

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH, LAYERS, ATTENTION_HEADS, POSITIONS = 384, 6, 12, 512
# Parts of a layer, by our names: those of Hugging Face's BertModel. Query, key and value are one matrix here.
LAYER_NAMES = {
    "attention_out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense", "down": "output.dense", "norm": "output.LayerNorm",
}  # fmt: skip
BILUO = ("O", *(f"{action}-{label}" for label in ENTITY_LABELS for action in "BILU"))


# --- the encoder ----------------------------------------------------------------------------------


class Layer(nn.Module):
    """One BERT layer."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.attention_out = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """(B, T, WIDTH) and an additive mask (B, 1, 1, T) -> (B, T, WIDTH)."""
        batch, length, _ = hidden.shape
        shape = (batch, length, 3, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS)
        query, key, value = self.qkv(hidden).view(shape).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask.to(query.dtype))
        attended = attended.transpose(1, 2).reshape(batch, length, WIDTH)
        hidden = self.attention_norm(hidden + self.dropout(self.attention_out(attended)))
        return self.norm(hidden + self.dropout(self.down(F.gelu(self.up(hidden)))))


class Encoder(nn.Module):
    """MiniLM with shape embeddings: piece ids, shapes and a mask (all B x T) to hidden states (B, T, WIDTH)."""

    def __init__(self, vocabulary_size: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary_size, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(len(Shape), WIDTH)
        nn.init.zeros_(self.shapes.weight)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList([Layer(dropout) for _ in range(LAYERS)])

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """Last hidden states."""
        hidden = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes)
        hidden = self.dropout(self.norm(hidden))
        additive = ((1.0 - mask) * -1e4)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, additive)
        return hidden


def pretrained(folder: Path) -> tuple[Encoder, list[str]]:
    """The published weights and their vocabulary; ``ValueError`` if they are not the ones we know."""
    weights = folder / "model.safetensors"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ValueError(f"{weights}: sha256 is {digest}, expected {WEIGHTS_SHA256}")
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    old = load_file(weights)
    encoder = Encoder(len(vocabulary))
    new = encoder.state_dict()
    # Every input is of token type 0; its embedding is added to the positions once and for all.
    new["words.weight"] = old["embeddings.word_embeddings.weight"]
    new["positions.weight"] = (
        old["embeddings.position_embeddings.weight"] + old["embeddings.token_type_embeddings.weight"][0]
    )
    names = {"norm": "embeddings.LayerNorm"}
    for i in range(LAYERS):
        theirs = f"encoder.layer.{i}"
        for kind in ("weight", "bias"):
            new[f"layers.{i}.qkv.{kind}"] = torch.cat(
                [old[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
        names |= {f"layers.{i}.{ours}": f"{theirs}.{name}" for ours, name in LAYER_NAMES.items()}
    for ours, theirs in names.items():
        for kind in ("weight", "bias"):
            new[f"{ours}.{kind}"] = old[f"{theirs}.{kind}"]
    encoder.load_state_dict(new)
    return encoder, vocabulary


class Heads(nn.Module):
    """Task heads on word vectors (N, WIDTH)."""

    ARC, RELATION = 256, 128

    def __init__(self, n_tags: int, n_morphs: int, n_relations: int, dropout: float = 0.33) -> None:
        super().__init__()
        self.tag = nn.Linear(WIDTH, n_tags)
        self.morph = nn.Linear(WIDTH, n_morphs)
        self.start = nn.Linear(WIDTH, 2)
        self.entity = nn.Linear(WIDTH, len(BILUO))
        self.arc_dependent = nn.Linear(WIDTH, self.ARC)
        self.arc_head = nn.Linear(WIDTH, self.ARC)
        self.relation_dependent = nn.Linear(WIDTH, self.RELATION)
        self.relation_head = nn.Linear(WIDTH, self.RELATION)
        self.root = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.arc = nn.Parameter(torch.zeros(self.ARC + 1, self.ARC))
        self.relation = nn.Parameter(torch.zeros(n_relations, self.RELATION + 1, self.RELATION + 1))
        nn.init.orthogonal_(self.arc[:-1].data)
        self.dropout = nn.Dropout(dropout)

    def arcs(self, words: Tensor) -> Tensor:
        """Scores (S, L, L + 1) of each head, 0 being the root, for each word of padded sentences (S, L, WIDTH)."""
        root = self.root.to(words.dtype).expand(words.shape[0], 1, -1)
        dependents = self.dropout(F.gelu(self.arc_dependent(words)))
        heads = self.dropout(F.gelu(self.arc_head(torch.cat([root, words], 1))))
        dependents = torch.cat([dependents, torch.ones_like(dependents[..., :1])], -1)
        return dependents @ self.arc.to(words.dtype) @ heads.transpose(1, 2) / math.sqrt(self.ARC) * 4

    def relations(self, words: Tensor, heads: Tensor) -> Tensor:
        """Scores (N, n_relations) of each word's relation to its head, from their vectors (N, WIDTH)."""
        dependent = self.dropout(F.gelu(self.relation_dependent(words)))
        head = self.dropout(F.gelu(self.relation_head(heads)))
        dependent = torch.cat([dependent, torch.ones_like(dependent[..., :1])], -1)
        head = torch.cat([head, torch.ones_like(head[..., :1])], -1)
        left = torch.einsum("na,rab->nrb", dependent, self.relation.to(words.dtype))
        return (left * head[:, None, :]).sum(-1)
