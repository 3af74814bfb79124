"""Scores the clustering of syndicated copies beside datasketch and rensa, in quality, time and memory.

    python benchmarks/stories.py [--articles 10000] [--seed 2] [--corpora PATH]    quality, and time for time
    python benchmarks/stories.py --giants 2 --articles 3000                       with two stories of 500 copies
    python benchmarks/stories.py --scale 10000 100000                             ours beside rensa on one core
    python benchmarks/stories.py --read FILE [--largest 20] [--weakest 20]         shows clusters, to read by eye

The articles are those of ``benchmarks/syndication.py``. Each method runs in a process of its own on the same file, so
that its peak of resident memory is its own (the articles included); seconds are those of the processor from a list of
articles to their clusters, on one core. All get the same word 4-grams from us, hashed, so that what is compared is what
comes after.

- ``frontlog``: ``frontlog.stories.cluster``.
- ``rensa``, ``datasketch``: MinHash with 128 permutations, LSH and a threshold on the estimated Jaccard similarity,
  connected components: the usual way.
- ``... verified``: LSH with bands of two rows, so that low similarities become candidates too; exact containment of the
  candidates, and the veto clustering of ``merged``.

Their thresholds are the best on seed 1 (by the mean of pairwise and B-cubed F1) of Jaccard 0.3, 0.4, 0.5 and of
containment 0.4, 0.45 ... 0.75. With 256 permutations none is better but rensa the usual way (0.88 and 0.96).

Pairwise figures count pairs of copies, B-cubed figures articles. A copy counts as found if it is in one cluster with
its wire text; an article as wrongly joined if it is in one cluster with an article of another story. Needs
``pip install frontlog[bench]``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent))
from memory import peak_memory
from syndication import EDITS, Record, articles

from frontlog.records import Article
from frontlog.stories import cluster
from frontlog.stories.shingles import normalise, shingles

Clusters = list[list[int]]
Shingles = list[NDArray[np.uint64]]

PERMUTATIONS = 128
# Containment and Jaccard similarity from which the other methods call two texts copies.
VERIFIED_AT = 0.6
USUAL_AT = 0.4


# --- methods --------------------------------------------------------------------------------------


def frontlog(records: Sequence[Article]) -> Clusters:
    """Our own."""
    number = {article.article_id: i for i, article in enumerate(records)}
    return [[number[key] for key in story.article_ids] for story in cluster(records)]


def rensa(records: Sequence[Article]) -> Clusters:
    """Sketch and query, as one would."""
    sketches, found = _rensa(_shingles(records), n_bands=PERMUTATIONS // 4)
    links = [pair for pair in found if sketches[pair[0]].jaccard(sketches[pair[1]]) >= USUAL_AT]
    return _components(len(records), links)


def rensa_verified(records: Sequence[Article]) -> Clusters:
    """Sketch and query with low similarities, then exact containment."""
    shingles = _shingles(records)
    return merged(shingles, *_rensa(shingles, n_bands=PERMUTATIONS // 2))


def datasketch(records: Sequence[Article]) -> Clusters:
    """MinHash LSH, as one would."""
    sketches, found = _datasketch(_shingles(records), rows=4)
    links = [pair for pair in found if sketches[pair[0]].jaccard(sketches[pair[1]]) >= USUAL_AT]
    return _components(len(records), links)


def datasketch_verified(records: Sequence[Article]) -> Clusters:
    """MinHash LSH with low similarities, then exact containment."""
    shingles = _shingles(records)
    return merged(shingles, *_datasketch(shingles, rows=2))


METHODS: dict[str, Callable[[Sequence[Article]], Clusters]] = {
    "frontlog": frontlog,
    "rensa verified": rensa_verified,
    "datasketch verified": datasketch_verified,
    "rensa": rensa,
    "datasketch": datasketch,
}


def _shingles(records: Sequence[Article]) -> Shingles:
    return [np.unique(hashes) for hashes in shingles(normalise(article.text) for article in records)]


def _rensa(shingles: Shingles, n_bands: int) -> tuple[list[Any], Iterator[tuple[int, int]]]:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=USUAL_AT, num_perm=PERMUTATIONS, num_bands=n_bands)
    sketches: list[Any] = []
    for start in range(0, len(shingles), 1000):
        tokens = []
        for hashes in shingles[start : start + 1000]:
            raw = hashes.tobytes()
            tokens.append([raw[at : at + 8] for at in range(0, len(raw), 8)])
        sketches += RMinHash.from_token_sets(tokens, num_perm=PERMUTATIONS, seed=42)
    index.insert_many(sketches)

    def pairs() -> Iterator[tuple[int, int]]:
        for start in range(0, len(sketches), 1000):
            for i, near in enumerate(index.query_all(sketches[start : start + 1000]), start):
                yield from ((i, j) for j in near if i < j)

    return sketches, pairs()


def _datasketch(shingles: Shingles, rows: int) -> tuple[list[Any], Iterator[tuple[int, int]]]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(PERMUTATIONS // rows, rows))
    sketches: list[Any] = []
    for i, hashes in enumerate(shingles):
        sketch = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
        sketch.update_batch((hashes & np.uint64(0xFFFFFFFF)).tolist())
        sketches.append(sketch)
        index.insert(i, sketch, check_duplication=False)
    return sketches, ((i, j) for i, sketch in enumerate(sketches) for j in index.query(sketch) if i < j)


def merged(shingles: Shingles, sketches: Sequence[Any], found: Iterable[tuple[int, int]]) -> Clusters:
    """Candidates verified by exact containment and merged by the rule that our own clusters are merged by.

    A candidate is not verified if its sketches say less than half the Jaccard similarity that it needs.
    """

    def containment(one: int, two: int) -> float:
        smaller = min(len(shingles[one]), len(shingles[two]))
        shared = np.intersect1d(shingles[one], shingles[two], assume_unique=True)
        return len(shared) / smaller if smaller else 0.0

    links = []
    for one, two in found:
        smaller, larger = sorted((len(shingles[one]), len(shingles[two])))
        needed = VERIFIED_AT * smaller / max(1, larger + (1 - VERIFIED_AT) * smaller)
        if sketches[one].jaccard(sketches[two]) >= needed / 2:
            similarity = containment(one, two)
            if similarity >= VERIFIED_AT:
                links.append((similarity, one, two))
    known = {(one, two): similarity for similarity, one, two in links}
    groups = {i: [i] for i in range(len(shingles))}
    group_of = list(range(len(shingles)))
    for _, one, two in sorted(links, reverse=True):
        first, second = group_of[one], group_of[two]
        if first == second:
            continue
        sample = [
            known.get((min(i, j), max(i, j))) or containment(i, j)
            for i in groups[first][:4]
            for j in groups[second][:4]
        ]
        if sum(sample) / len(sample) >= VERIFIED_AT:
            for i in groups[second]:
                group_of[i] = first
            groups[first] += groups.pop(second)
    return list(groups.values())


def _components(n_articles: int, links: Iterable[tuple[int, int]]) -> Clusters:
    parent = list(range(n_articles))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for one, two in links:
        parent[root(one)] = root(two)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(n_articles):
        groups[root(i)].append(i)
    return list(groups.values())


# --- scores ---------------------------------------------------------------------------------------


def scores(truth: Sequence[Record], clusters: Clusters) -> dict[str, Any]:
    """Pairwise and B-cubed figures, and per kind how many were found or wrongly joined; parts of 1."""
    of = {i: number for number, members in enumerate(clusters) for i in members}
    sizes = Counter(record["story"] for record in truth)
    wires = {record["story"]: i for i, record in enumerate(truth) if record["edit"] == "wire"}
    both = Counter((of[i], record["story"]) for i, record in enumerate(truth))
    right = sum(math.comb(n, 2) for n in both.values())
    made = sum(math.comb(len(members), 2) for members in clusters)
    true = sum(math.comb(n, 2) for n in sizes.values())
    precision = recall = 0.0
    kinds: dict[str, list[bool]] = defaultdict(list)
    for i, record in enumerate(truth):
        same, story, role = both[of[i], record["story"]], record["story"], record["role"]
        joined = len(clusters[of[i]]) > same
        precision += same / len(clusters[of[i]])
        recall += same / sizes[story]
        if record["edit"] != "wire" and story in wires and role != "digest":
            kinds[record["edit"]].append(of[wires[story]] == of[i])
        if role in {"follow-up", "weekly"}:
            kinds["follow-ups joined"].append(joined)
        if role not in {"copy", "brief", "wire"}:
            kinds[f"{role} joined"].append(joined)
        elif sizes[story] == 1:
            kinds["single joined"].append(joined)
        if role == "digest" and sizes[story] > 1:
            kinds["digest copies"].append(same == sizes[story])
    return {
        "pairs": true,
        "pairwise": _prf(right / (made or 1), right / (true or 1)),
        "b-cubed": _prf(precision / len(truth), recall / len(truth)),
        "kinds": {kind: [len(hits), sum(hits) / len(hits)] for kind, hits in kinds.items()},
        "largest": max(
            ((n, max(m for (_, s), m in both.items() if s == story)) for story, n in sizes.most_common(3)),
        ),
    }


def _prf(precision: float, recall: float) -> list[float]:
    return [precision, recall, 2 * precision * recall / ((precision + recall) or 1)]


# --- runs -----------------------------------------------------------------------------------------


def measure(name: str, path: Path) -> dict[str, Any]:
    """One method on a file of records, in this process: scores, seconds, peak of memory in MB."""
    truth, records = _read(path)
    before = peak_memory()
    begun = time.process_time()
    clusters = METHODS[name](records)
    seconds = time.process_time() - begun
    return scores(truth, clusters) | {"seconds": seconds, "mb": peak_memory(), "mb_articles": before}


def _read(path: Path) -> tuple[list[Record], list[Article]]:
    truth, records = [], []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            key = f"{number:06d} {record.get('id') or record.get('doc_id') or ''}".strip()
            text = record.pop("text")
            records.append(Article(key, key, path.name, number, text, "", publisher=record.get("publisher")))
            truth.append({name: sys.intern(str(value)) for name, value in record.items()})
    return truth, records


def in_processes(names: Iterable[str], path: Path) -> dict[str, dict[str, Any]]:
    """What ``measure`` gives for each method, each in a process of its own on one core."""
    found = {}
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    for name in names:
        command = [sys.executable, __file__, "--method", name, "--data", str(path)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            print(f"{name}: no figures (status {done.returncode})", file=sys.stderr)
            continue
        found[name] = json.loads(done.stdout)
    return found


def print_quality(found: dict[str, dict[str, Any]]) -> None:
    """The table of methods, then the table of kinds."""
    ours = found.get("frontlog") or next(iter(found.values()))
    print(f"{ours['pairs']:,} true pairs; the largest story has {ours['largest'][0]} articles\n")
    print("| method | pairwise P / R / F1 | B-cubed P / R / F1 | largest story | s (x) | MB (x) |")
    print("|---|---|---|---|---|---|")
    for name, one in found.items():
        pairwise, cubed = (" / ".join(f"{x:.3f}" for x in one[key]) for key in ("pairwise", "b-cubed"))
        times, memory = one["seconds"] / ours["seconds"], one["mb"] / ours["mb"]
        print(f"| {name} | {pairwise} | {cubed} | {one['largest'][1]} in one piece "
              f"| {one['seconds']:.1f} ({times:.2f}) | {one['mb']:,.0f} ({memory:.2f}) |")  # fmt: skip
    print(f"\n| kind | n | {' | '.join(found)} |")
    print("|---|---|" + "---|" * len(found))
    kinds = [*EDITS, "digest copies", *sorted(kind for kind in ours["kinds"] if kind.endswith("joined"))]
    for kind in kinds:
        if kind in ours["kinds"]:
            cells = " | ".join(f"{100 * one['kinds'][kind][1]:.1f}" for one in found.values())
            print(f"| {kind} | {ours['kinds'][kind][0]:,} | {cells} |")


def print_scale(sizes: Sequence[int], seed: int, folder: Path) -> None:
    """Seconds and memory of ours and of rensa, and how the time for each article grows."""
    names = ["frontlog", "rensa verified"]
    per_article: dict[str, list[float]] = defaultdict(list)
    print("| articles | method | s (x) | MB (x) | ms for each article | pairwise F1 | B-cubed F1 |")
    print("|---|---|---|---|---|---|---|")
    for size in sizes:
        path = folder / f"{size}.jsonl"
        write(path, size, seed, 0, None)
        found = in_processes(names, path)
        for name, one in found.items():
            per_article[name].append(1000 * one["seconds"] / size)
            times, memory = (one[key] / found["frontlog"][key] for key in ("seconds", "mb"))
            print(f"| {size:,} | {name} | {one['seconds']:.1f} ({times:.2f}) | {one['mb']:,.0f} ({memory:.2f}) "
                  f"| {per_article[name][-1]:.2f} | {one['pairwise'][2]:.3f} | {one['b-cubed'][2]:.3f} |",
                  flush=True)  # fmt: skip
    for name, times in per_article.items():
        print(f"{name}: time for each article grows {times[-1] / times[0]:.2f} times")


def write(path: Path, n_articles: int, seed: int, giants: int, corpora: Path | None) -> None:
    """Generated records, one a line."""
    with path.open("w", encoding="utf-8") as lines:
        for record in articles(n_articles, seed, giants, corpora):
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def show(path: Path, largest: int, weakest: int) -> None:
    """The largest clusters and those of the weakest links, with the beginning of each member."""
    _, records = _read(path)
    by_id = {article.article_id: article for article in records}
    several = [story for story in cluster(records) if len(story.article_ids) > 1]
    print(f"{len(records)} articles, {len(several)} stories of several")
    by_size = sorted(several, key=lambda story: -len(story.article_ids))[:largest]
    by_link = sorted(several, key=lambda story: story.similarity_min or 0.0)[:weakest]
    for heading, chosen in (("largest", by_size), ("weakest", by_link)):
        for number, story in enumerate(chosen, 1):
            print(
                f"\n== {heading} {number}: {len(story.article_ids)} articles, weakest {story.similarity_min}"
            )
            for key in story.article_ids:
                article = by_id[key]
                print(f"-- {key} {article.publisher} {article.n_words} words: {article.text[:400]!r}")


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--giants", type=int, default=0)
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--scale", type=int, nargs="+")
    parser.add_argument("--read", type=Path)
    parser.add_argument("--largest", type=int, default=20)
    parser.add_argument("--weakest", type=int, default=20)
    parser.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="measure on this file")
    options = parser.parse_args()
    if options.method:
        try:
            print(json.dumps(measure(options.method, options.data)))
        except ModuleNotFoundError as error:
            sys.exit(f"{error.name} is not installed: pip install frontlog[bench]")
        return
    if options.read:
        show(options.read, options.largest, options.weakest)
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.scale:
            print_scale(options.scale, options.seed, Path(folder))
            return
        path = options.data or Path(folder) / "articles.jsonl"
        if not options.data:
            write(path, options.articles, options.seed, options.giants, options.corpora)
        print_quality(in_processes(options.methods, path))


if __name__ == "__main__":
    main()
