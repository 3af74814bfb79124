"""What a copy that lost its masthead can learn from the other copies of its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from frontlog.records import Article, Story
from frontlog.stories.cluster import own_date


def complete_from_copies(articles: Sequence[Article], stories: Sequence[Story]) -> list[Article]:
    """The same articles in the same order; date, dateline and agency filled in from copies where missing.

    A copy without ``published`` gets the earliest date that a copy of its story states itself, with
    ``published_basis`` ``copies``. Dateline and agency come from the earliest copy that has one (undated
    copies last, then by ``article_id``). What an article has is never changed; an article of no story, or
    whose copies know nothing, comes back as it is.

    Example: of two copies, one published on 2017-11-04 and one undated, the second comes back with that date.
    """
    by_id = {article.article_id: article for article in articles}
    story_of = {key: story for story in stories for key in story.article_ids}
    known = {story.story_id: _known(story, by_id) for story in stories}
    completed = []
    for article in articles:
        story = story_of.get(article.article_id)
        if story is None:
            completed.append(article)
            continue
        published, dateline, agency = known[story.story_id]
        if article.published is None and published is not None:
            article = replace(article, published=published, published_basis="copies")  # noqa: PLW2901
        if (article.dateline is None and dateline) or (article.agency is None and agency):
            article = replace(  # noqa: PLW2901
                article,
                dateline=dateline if article.dateline is None else article.dateline,
                agency=agency if article.agency is None else article.agency,
            )
        completed.append(article)
    return completed


def _known(story: Story, by_id: dict[str, Article]) -> tuple[date | None, str | None, str | None]:
    members = [by_id[key] for key in story.article_ids if key in by_id]
    members.sort(key=lambda article: (own_date(article) or date.max, article.article_id))
    published = next((day for article in members if (day := own_date(article))), None)
    dateline = next((article.dateline for article in members if article.dateline), None)
    agency = next((article.agency for article in members if article.agency), None)
    return published, dateline, agency
