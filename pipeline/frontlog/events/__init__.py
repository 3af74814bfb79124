"""Events: triggers, extraction, factuality and attribution, merging, control spells, crosswalk codes."""
