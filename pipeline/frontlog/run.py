"""The main flow: a folder of raw articles in, checked tables out."""

from __future__ import annotations

import hashlib
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from frontlog import __version__
from frontlog.driver import analyse_all
from frontlog.errors import RunError
from frontlog.events.control import control_spells
from frontlog.events.merge import MergedEvent, merge
from frontlog.events.resolve import resolve_events
from frontlog.events.scene import Scene, build_scene, passages
from frontlog.language import ModelInfo, load_model, model_info
from frontlog.output import check_writable, write_tables
from frontlog.output.rows import all_tables
from frontlog.places import Gazetteer, open_gazetteer
from frontlog.reading import check_usage, language_name, read_inputs
from frontlog.records import Article, Reject, Story
from frontlog.settings import Settings
from frontlog.state import State
from frontlog.stories import cluster, complete_from_copies

# Told (stage, done, total); total 0 where it is not known.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did: the counts that stand in ``run.json``, and the events."""

    counts: dict[str, int]
    events: tuple[MergedEvent, ...]
    rejects: tuple[Reject, ...]


def run_pipeline(
    inputs: Sequence[str | Path],
    out: str | Path,
    settings: Settings | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> RunSummary:
    """Read, cluster, understand, merge and write: the tables of the contract in ``out``.

    Raises ``UsageError`` for a wrong option before anything is read, ``RunError`` when no input could be
    used (the tables are written all the same, with the reasons in ``rejects.csv``).

    >>> run_pipeline(["corpus/articles"], "out/demo").counts["events"]  # doctest: +SKIP
    97
    """
    settings, out = settings or Settings(), Path(out)
    clock = _Clock()
    with clock.stage("setup"):
        check_usage([Path(path) for path in inputs], settings)
        model = model_info(settings.model)
        check_writable(out)
        load_model(settings.model)
        state = State(out, model.label, fresh=settings.fresh)
        gazetteer = open_gazetteer(settings.gazetteer, on_build=lambda text: progress(text, 0, 0))
    with clock.stage("reading"):
        progress("reading", 0, 0)
        articles, rejects = _english(*read_inputs([Path(path) for path in inputs], settings=settings))
    with clock.stage("stories"):
        progress("finding copies", 0, 0)
        stories = cluster(articles)
        articles = _dated(complete_from_copies(articles, stories), settings)
    with clock.stage("language"):
        scenes = _understand(articles, stories, gazetteer, settings, state, progress)
    with clock.stage("events"):
        progress("merging events", 0, 0)
        mentions = [mention for scene in scenes for mention in resolve_events(scene)]
        by_id = {article.article_id: article for article in articles}
        events = merge(mentions, by_id, {story.story_id: story for story in stories})
        spells = control_spells(events)
    with clock.stage("output"):
        progress("writing", 0, 0)
        tables = all_tables(articles=articles, stories=stories, scenes=scenes, events=events,
                            spells=spells, rejects=rejects, model=model.label)  # fmt: skip
        counts = {name: len(rows) for name, rows in tables.items()}
        write_tables(out, tables, _run_info(inputs, settings, model, gazetteer, articles, counts, clock))
        state.clear()
    if not articles:
        raise RunError(f"no article could be used; the reasons are in {out / 'rejects.csv'}")
    return RunSummary(counts, tuple(events), tuple(rejects))


def _english(articles: list[Article], rejects: list[Reject]) -> tuple[list[Article], list[Reject]]:
    """Leave out articles in another language; what no one can tell is taken for English."""
    foreign = {a.article_id for a in articles if a.language not in {None, "en"}}
    return [a for a in articles if a.article_id not in foreign], rejects + [
        Reject(
            a.path,
            a.record,
            "language",
            f"the text is in {language_name(a.language or '')}; only English is understood. Leave it out, or give a "
            "translation",
        )
        for a in articles
        if a.article_id in foreign
    ]


def _dated(articles: list[Article], settings: Settings) -> list[Article]:
    """Give ``--published`` to the articles that neither they nor a copy dates."""
    if settings.published is None:
        return articles
    return [
        replace(a, published=settings.published, published_basis="option") if a.published is None else a
        for a in articles
    ]


def _understand(
    articles: Sequence[Article],
    stories: Sequence[Story],
    gazetteer: Gazetteer,
    settings: Settings,
    state: State,
    progress: Progress,
) -> list[Scene]:
    """Analyse each distinct passage once, then look at each article with its own date, places and neighbours."""
    spans = {article.article_id: passages(article.text) for article in articles}
    texts = [article.text[start:end] for article in articles for start, end in spans[article.article_id]]
    total, done = len(set(texts)), 0

    def on_done(count: int) -> None:
        nonlocal done
        done += count
        progress("understanding passages", done, total)

    progress("understanding passages", 0, total)
    found = analyse_all(
        texts,
        model=settings.model,
        workers=settings.workers,
        batch_size=settings.batch_size,
        state=state,
        on_done=on_done,
    )
    story_of = {article_id: story for story in stories for article_id in story.article_ids}
    datelines: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        if article.dateline:
            datelines[story_of[article.article_id].story_id].add(article.dateline)
    scenes = []
    for number, article in enumerate(articles, 1):
        own = spans[article.article_id]
        story = story_of[article.article_id]
        analyses = [found[article.text[start:end]] for start, end in own]
        hints = sorted(datelines[story.story_id])
        scenes.append(build_scene(article, story.story_id, own, analyses, gazetteer, hints))
        progress("resolving places and actors", number, len(articles))
    return scenes


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - begun, 3)


def _run_info(
    inputs: Sequence[str | Path],
    settings: Settings,
    model: ModelInfo,
    gazetteer: Gazetteer,
    articles: Sequence[Article],
    counts: dict[str, int],
    clock: _Clock,
) -> dict[str, object]:
    """What stands in run.json: versions, options, counts, seconds per stage, a hash of the inputs."""
    digest = hashlib.sha256()
    for article in sorted(articles, key=lambda a: (a.path, a.record or 0, a.sha256)):
        digest.update(f"{article.source_id}\x1f{article.record}\x1f{article.sha256}\n".encode())
    return {
        "frontlog": __version__,
        "python": platform.python_version(),
        "spacy": version("spacy"),
        "model": {key: value for key, value in model.as_dict().items() if key != "path"},
        "gazetteer": gazetteer.version,
        "inputs": [str(path) for path in inputs],
        "inputs_sha256": digest.hexdigest(),
        "options": {
            "model": settings.model,
            "workers": settings.workers,
            "gazetteer": str(settings.gazetteer) if settings.gazetteer else None,
            "published": settings.published.isoformat() if settings.published else None,
            "fields": dict(settings.fields),
            "clean": settings.clean,
            "fresh": settings.fresh,
        },
        "counts": counts,
        "seconds": clock.seconds,
    }
