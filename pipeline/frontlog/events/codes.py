"""Crosswalk codes, so that the rows can stand beside ACLED, CAMEO and PLOVER data.

Sources: ACLED Codebook (2023), sub-event types; CAMEO codebook 1.1b3, roots 08 (yield), 19 (fight): 191
impose blockade, 192 occupy territory, 190 use conventional military force, 0871 declare truce, 0872 ease
blockade, 0873 demobilise, 0874 retreat or surrender; PLOVER codebook: seizing territory stands under
COERCE (mode seize) in one of its documents and under ASSAULT in another, so both are given.
"""

from __future__ import annotations

from dataclasses import dataclass

from frontlog.events.merge import MergedEvent


@dataclass(frozen=True, slots=True)
class Codes:
    """ACLED event and sub-event type, CAMEO code, PLOVER classes; None where the scheme has no such event."""

    acled_event_type: str | None
    acled_sub_event_type: str | None
    cameo: str | None
    plover: tuple[str, ...]


_BATTLE, _STRATEGIC = "Battles", "Strategic developments"
_CAMEO = {
    "capture": "192",
    "recapture": "192",
    "withdrawal": "0874",
    "surrender": "0874",
    "handover": "0874",
    "siege": "191",
    "siege_lifted": "0872",
    "advance": "190",
    "repelled": "190",
}


def crosswalk(event: MergedEvent) -> Codes:
    """Codes of one event. Planned, failed, denied and hypothetical events have none: the schemes code what happened."""
    kind, best = event.event_type, event.best
    if event.modality not in {"actual", "ongoing"}:
        return Codes(None, None, None, ())
    if best.target_type in {"person", "equipment"} and kind in {"capture", "recapture"}:
        return Codes(
            _STRATEGIC,
            "Looting/property destruction"
            if best.target_type == "equipment"
            else "Abduction/forced disappearance",
            None,
            ("COERCE/seize",),
        )
    if event.modality == "ongoing" or kind in {"advance", "repelled", "siege", "siege_lifted"}:
        cameo = _CAMEO[kind] if kind in {"siege", "siege_lifted"} else "190"
        return Codes(_BATTLE, "Armed clash", cameo, ("ASSAULT",))
    if kind == "withdrawal":
        return Codes(_STRATEGIC, "Non-violent transfer of territory", _CAMEO[kind], ("RETREAT/retreat",))
    if kind == "handover":
        return Codes(_STRATEGIC, "Agreement", _CAMEO[kind], ("RETREAT/retreat",))
    if kind == "surrender":
        return Codes(_STRATEGIC, "Change to group/activity", _CAMEO[kind], ("RETREAT/surrender",))
    government = any(actor.kind == "state" for actor in best.captors)
    sub_type = "Government regains territory" if government else "Non-state actor overtakes territory"
    return Codes(_BATTLE, sub_type, _CAMEO[kind], ("COERCE/seize", "ASSAULT"))
