"""Which articles are copies of one wire story, and what a copy can learn from the others."""

from __future__ import annotations

from frontlog.stories.cluster import cluster, count_publishers
from frontlog.stories.copies import complete_from_copies

__all__ = ["cluster", "complete_from_copies", "count_publishers"]
