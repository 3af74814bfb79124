"""Records to table rows: each function fills one table of the contract, sorted, with every column."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from frontlog.actors import identify, joined_name
from frontlog.events.codes import crosswalk
from frontlog.events.control import Spell
from frontlog.events.merge import MergedEvent
from frontlog.events.scene import Scene
from frontlog.records import Actor, Article, EventMention, Place, Reject, Span, Story

Row = dict[str, Any]


def _kind(actors: Sequence[Actor]) -> str | None:
    """The types of several actors, each once, in order."""
    return "; ".join(dict.fromkeys(actor.kind for actor in actors)) or None


def _where(place: Place | None) -> Row:
    return {
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "geonameid": place.geonameid if place else None,
    }


def _span(name: str, span: Span | None) -> Row:
    return {
        name: span.text if span else None,
        f"{name}_start": span.start if span else None,
        f"{name}_end": span.end if span else None,
    }


def event_rows(events: Iterable[MergedEvent], model: str) -> list[Row]:
    """Rows of events.csv; slots come from the best statement of each event."""
    rows = []
    for event in events:
        best, codes = event.best, crosswalk(event)
        captor = best.captor or next(
            (m.captor for m in event.mentions if m.captor and m.captors == best.captors), None
        )
        losers = best.losers or next((m.losers for m in event.mentions if m.losers), ())
        loser = best.loser or next((m.loser for m in event.mentions if m.loser and m.losers == losers), None)
        rows.append(
            {
                "event_id": event.event_id,
                "event_type": event.event_type,
                "status": event.status,
                "captor": captor.text if captor else None,
                "captor_name": joined_name(best.captors),
                "captor_type": _kind(best.captors),
                "loser": loser.text if loser else None,
                "loser_name": joined_name(losers),
                "loser_type": _kind(losers),
                "target": best.target.text if best.target else None,
                "target_type": best.target_type,
                "extent": best.extent,
                "place": best.place_name,
                "place_relation": best.place_relation,
                "admin1": best.place.admin1 if best.place else None,
                "country": best.country,
                **_where(best.place),
                "geo_precision": best.geo_precision,
                "date": best.date_value,
                "date_start": best.date_start,
                "date_end": best.date_end,
                "time_precision": best.time_precision,
                "date_basis": best.date_basis,
                "modality": event.modality,
                "attribution": best.attribution.text if best.attribution else None,
                "n_articles": event.n_articles,
                "n_publishers": event.n_publishers,
                "n_origins": event.n_origins,
                "first_published": event.first_published,
                "last_published": event.last_published,
                "confidence": event.confidence,
                "acled_event_type": codes.acled_event_type,
                "acled_sub_event_type": codes.acled_sub_event_type,
                "cameo": codes.cameo,
                "plover": "; ".join(codes.plover) or None,
                "quote": best.quote.text,
                "article_id": best.article_id,
                "quote_start": best.quote.start,
                "quote_end": best.quote.end,
                "story_ids": list(event.story_ids),
                "model": model,
            }
        )
    return rows


def _mention_id(event_id: str, mention: EventMention) -> str:
    parts = f"{event_id}|{mention.article_id}|{mention.trigger.start}|{mention.target.start if mention.target else ''}"
    return "m_" + hashlib.blake2b(parts.encode(), digest_size=6).hexdigest()


def mention_rows(events: Iterable[MergedEvent]) -> list[Row]:
    """Rows of mentions.csv: one per event and article."""
    rows = []
    for event in events:
        for mention in event.mentions:
            rows.append(
                {
                    "event_id": event.event_id,
                    "mention_id": _mention_id(event.event_id, mention),
                    "article_id": mention.article_id,
                    "story_id": mention.story_id,
                    "event_type": mention.event_type,
                    **_span("trigger", mention.trigger),
                    **_span("captor", mention.captor),
                    "captor_name": joined_name(mention.captors),
                    **_span("loser", mention.loser),
                    "loser_name": joined_name(mention.losers),
                    **_span("target", mention.target),
                    "target_type": mention.target_type,
                    "extent": mention.extent,
                    "place": mention.place_name,
                    "place_relation": mention.place_relation,
                    "country": mention.country,
                    **_where(mention.place),
                    **_span("date_text", mention.date_text),
                    "date": mention.date_value,
                    "date_basis": mention.date_basis,
                    "modality": mention.modality,
                    **_span("attribution", mention.attribution),
                    "rule": mention.rule,
                    "confidence": mention.confidence,
                    **_span("quote", mention.quote),
                    "other_quotes": [quote.text for quote in mention.other_quotes],
                }
            )
    return sorted(rows, key=lambda row: (row["article_id"], row["trigger_start"], row["event_id"]))


def article_rows(articles: Iterable[Article], stories: Iterable[Story], mentions: Iterable[Row]) -> list[Row]:
    """Rows of articles.csv and, with text and offset map, of articles.parquet."""
    story_of = {article_id: story for story in stories for article_id in story.article_ids}
    counts = Counter(row["article_id"] for row in mentions)
    return [
        {
            "article_id": article.article_id,
            "source_id": article.source_id,
            "path": article.path,
            "record": article.record,
            "title": article.title,
            "byline": article.byline,
            "dateline": article.dateline,
            "agency": article.agency,
            "publisher": article.publisher,
            "url": article.url,
            "published": article.published,
            "published_basis": article.published_basis,
            "language": article.language,
            "story_id": story_of[article.article_id].story_id,
            "is_representative": story_of[article.article_id].representative_id == article.article_id,
            "n_words": article.n_words,
            "n_events": counts[article.article_id],
            "sha256": article.sha256,
            "text": article.text,
            "published_time": article.published_time,
            "published_metadata": article.published_metadata,
            "pieces": article.pieces,
            "cuts": article.cuts,
        }
        for article in articles
    ]


def story_rows(stories: Iterable[Story]) -> list[Row]:
    """Rows of stories.csv."""
    return [
        {
            "story_id": story.story_id,
            "representative_id": story.representative_id,
            "n_articles": len(story.article_ids),
            "n_publishers": story.n_publishers,
            "agency": story.agency,
            "first_published": story.first_published,
            "article_ids": list(story.article_ids),
            "similarity_min": story.similarity_min,
        }
        for story in sorted(stories, key=lambda s: s.story_id)
    ]


def entity_rows(scenes: Iterable[Scene]) -> list[Row]:
    """Rows of entities.csv: names with what they resolve to (a place's or an actor's usual name)."""
    rows = []
    for scene in scenes:
        article = scene.article
        for (offset, _), analysis in zip(scene.spans, scene.analyses, strict=True):
            for entity in analysis.entities:
                start, end = offset + entity.start, offset + entity.end
                found = scene.resolved.get((start, end))
                place = found.place if found else None
                name = place.name if place else None
                if entity.label in {"ORG", "NORP"} and name is None:
                    name = joined_name(
                        identify(
                            entity.text, country=scene.country, day=article.published, aliases=scene.aliases
                        )
                    )
                rows.append(
                    {
                        "article_id": article.article_id,
                        "start": start,
                        "end": end,
                        "text": entity.text,
                        "label": entity.label,
                        "name": name,
                        "kb_id": str(place.geonameid) if place and place.geonameid is not None else None,
                    }
                )
    return rows


def date_rows(scenes: Iterable[Scene]) -> list[Row]:
    """Rows of dates.csv: every time expression; ``anchor`` names what it was counted from (see ``ResolvedTimex``)."""
    rows = []
    for scene in scenes:
        for (offset, _), found in zip(scene.spans, scene.dates, strict=True):
            for dated in found:
                rows.append(
                    {
                        "article_id": scene.article.article_id,
                        "start": offset + dated.start,
                        "end": offset + dated.end,
                        "text": dated.text,
                        "timex_type": dated.value.timex_type,
                        "value": dated.value.value,
                        "date_start": dated.value.start,
                        "date_end": dated.value.end,
                        "anchor": dated.anchor,
                    }
                )
    return rows


def place_rows(scenes: Iterable[Scene]) -> list[Row]:
    """Rows of places.csv: every place name; one that did not resolve keeps its words and empty cells."""
    rows = []
    for scene in scenes:
        for _, found in sorted(scene.resolved.items()):
            place = found.place
            rows.append(
                {
                    "article_id": scene.article.article_id,
                    "start": found.mention.start,
                    "end": found.mention.end,
                    "text": found.mention.text,
                    "name": place.name if place else None,
                    "feature_code": place.feature_code if place else None,
                    "admin1": place.admin1 if place else None,
                    "country": place.country if place else None,
                    **_where(place),
                    "score": found.score if place else None,
                }
            )
    return rows


def control_rows(spells: Iterable[Spell]) -> list[Row]:
    """Rows of control.csv."""
    return [
        {
            "place": spell.place_name,
            "country": spell.place.country,
            **_where(spell.place),
            "holder": spell.holder,
            "holder_type": spell.holder_kind,
            "from": spell.start,
            "to": spell.end,
            "status": spell.status,
            "event_ids": list(spell.event_ids),
        }
        for spell in spells
    ]


def reject_rows(rejects: Iterable[Reject]) -> list[Row]:
    """Rows of rejects.csv."""
    found = [{"path": r.path, "record": r.record, "stage": r.stage, "reason": r.reason} for r in rejects]
    return sorted(found, key=lambda row: (str(row["path"]), row["record"] or 0, str(row["reason"])))


def all_tables(
    *,
    articles: Sequence[Article],
    stories: Sequence[Story],
    scenes: Sequence[Scene],
    events: Sequence[MergedEvent],
    spells: Sequence[Spell],
    rejects: Sequence[Reject],
    model: str,
) -> Mapping[str, list[Row]]:
    """All tables of a run, by name."""
    mentions = mention_rows(events)
    return {
        "events": event_rows(events, model),
        "mentions": mentions,
        "articles": article_rows(articles, stories, mentions),
        "stories": story_rows(stories),
        "entities": entity_rows(scenes),
        "dates": date_rows(scenes),
        "places": place_rows(scenes),
        "control": control_rows(spells),
        "rejects": reject_rows(rejects),
    }
