"""What spaCy's own parser makes of the encoder's vectors, beside the biaffine parser that ships. For comparison only.

    python models/transition_parser.py --data BUILD/data --encoder BUILD/onnx --epochs 3

Trains spaCy's transition-based parser on the frozen vectors of the treebanks and prints UAS and LAS of both parsers on
the dev splits, with gold tokens and sentences.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from augment import Augmenter
from passages import SYNTAX, read
from spacy.training import Corpus
from train_heads import LISTENER, build, examples, fit, take_over

TRANSITIONS = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "parser",
        "extra_state_tokens": False,
        "hidden_width": 200,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": LISTENER,
    }
}


def main(
    data: Annotated[Path, typer.Option(help="Folder of the files that prepare.py wrote.")],
    encoder: Annotated[Path, typer.Option(help="Folder that export.py wrote.")],
    epochs: Annotated[int, typer.Option(help="Passes over the treebanks.")] = 3,
    seed: Annotated[int, typer.Option(help="Fixes all that is random.")] = 20171103,
) -> None:
    """Train, score."""
    nlp = build(encoder)
    augment = Augmenter(seed)
    treebank = [p for name in SYNTAX for p in read(data / f"{name}-train.spacy", syntax=True)]
    gold = examples(nlp, [augment(passage) for passage in treebank])
    take_over(nlp, encoder, gold[:20])
    nlp.add_pipe("parser", name="transitions", config=TRANSITIONS)
    transitions: Any = nlp.get_pipe("transitions")
    transitions.initialize(lambda: gold, nlp=nlp)
    fit(nlp, "transitions", gold, epochs=epochs, dropout=0.2)
    for name in ("parser", "transitions"):
        with nlp.select_pipes(enable=["tok2vec", name]):
            for corpus in SYNTAX:
                scores = nlp.evaluate(list(Corpus(data / f"{corpus}-dev.spacy", gold_preproc=True)(nlp)))
                typer.echo(
                    f"{name} {corpus}: UAS {100 * scores['dep_uas']:.2f} LAS {100 * scores['dep_las']:.2f}"
                )


if __name__ == "__main__":
    typer.run(main)
