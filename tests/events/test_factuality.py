"""Did it happen, and who says so: one table per modality, one per way to name a source."""

from __future__ import annotations

from datetime import date

import pytest

DAY = date(2015, 3, 5)

MODALITIES = {
    "actual": [
        "Rebels <capture>captured</capture> Goma.",
        "Rebels have <capture>captured</capture> Goma.",
        "Rebels had already <capture>captured</capture> Goma when the truce began.",
        "Rebels managed to <capture>capture</capture> Goma.",
        "Rebels succeeded in <capture>capturing</capture> Goma.",
        "The jets helped the rebels <capture>capture</capture> Goma.",
        "Rebels celebrated the <capture>capture</capture> of Goma.",
        "Rebels fired on the base after they <capture>captured</capture> Goma.",
        "The rebels who <capture>captured</capture> Goma want talks.",
    ],
    "ongoing": [
        "Rebels are <capture>trying to capture</capture> Goma.",
        "Rebels were trying to <capture>capture</capture> Goma on Thursday.",
        "Rebels have begun to <siege>encircle</siege> Goma.",
        "Rebels are <advance>advancing</advance> on Goma.",
        "The army is fighting to <recapture>retake</recapture> Goma.",
        "The army has launched an offensive to <recapture>retake</recapture> Goma.",
        "The battle to <recapture>retake</recapture> Goma from the rebels has begun.",
    ],
    "planned": [
        "Rebels plan to <capture>capture</capture> Goma.",
        "Rebels will <capture>capture</capture> Goma within days.",
        "Rebels have vowed to <capture>capture</capture> Goma.",
        "The army is preparing to <recapture>retake</recapture> Goma.",
        "The army is set to <recapture>retake</recapture> Goma.",
        "The army's plan to <recapture>retake</recapture> Goma has been drawn up.",
        "A general said the army would <recapture>retake</recapture> Goma.",
        "The rebels agreed to <withdrawal>withdraw</withdrawal> from Goma.",
        "Unless help comes, rebels will <capture>capture</capture> Goma.",
    ],
    "failed": [
        "Rebels failed to <capture>capture</capture> Goma.",
        "The rebels were unable to <capture>capture</capture> Goma.",
        "The rebels did not manage to <capture>capture</capture> Goma.",
        "The army prevented the rebels from <capture>capturing</capture> Goma.",
        "The rebels tried but failed to <capture>capture</capture> Goma.",
    ],
    "denied": [
        "Rebels did not <capture>capture</capture> Goma.",
        "Rebels have not <capture>captured</capture> Goma.",
        "Rebels never <capture>captured</capture> Goma.",
        "The army denied that rebels had <capture>captured</capture> Goma.",
        "The army said the rebels had not <capture>captured</capture> Goma.",
    ],
    "hypothetical": [
        "Rebels could <capture>capture</capture> Goma.",
        "Rebels may <capture>capture</capture> Goma next.",
        "If the rebels <capture>capture</capture> Goma, the road is open.",
        "Aid workers fear the rebels might <capture>capture</capture> Goma.",
        "There is a risk that rebels will <capture>capture</capture> Goma.",
        "The rebels would <capture>capture</capture> Goma if the army left.",
    ],
}
SOURCES = [
    "<source>The army</source> said rebels had <capture>captured</capture> Goma.",
    "<source>The army</source> said that rebels had <capture>captured</capture> Goma.",
    "Rebels <capture>captured</capture> Goma, <source>residents</source> said.",
    "Rebels <capture>captured</capture> Goma on Tuesday, <source>a military spokesman</source> said.",
    "Rebels <capture>captured</capture> Goma, said <source>a U.N. official</source>.",
    "According to <source>residents</source>, rebels <capture>captured</capture> Goma.",
    "Rebels <capture>captured</capture> Goma, according to <source>two aid workers</source>.",
    "<source>State television</source> reported that the army had <recapture>recaptured</recapture> Goma.",
    "<source>The rebels</source> claimed to have <capture>captured</capture> Goma.",
    "<source>The prime minister</source> announced the <capture>capture</capture> of Goma by the army.",
    "<source>The ministry</source> confirmed that its troops had <withdrawal>withdrawn</withdrawal> from Goma.",
    "<source>The army</source> denied that rebels had <capture>captured</capture> Goma.",
    "<source>A witness</source> told Reuters that rebels had <capture>captured</capture> Goma.",
    "“Rebels have <capture>captured</capture> Goma,” <source>the mayor</source> said.",
    "<source>The Syrian Observatory for Human Rights</source> said rebels <capture>seized</capture> Azaz.",
    "<source>The rebels</source> said on Friday that they had <capture>captured</capture> Goma.",
    "<source>Officials</source> said on Monday that rebels had <capture>captured</capture> Goma the day before.",
    "<source>A rebel commander</source> said his men had <capture>captured</capture> Goma.",
    "<source>A general</source> said the army would <recapture>retake</recapture> Goma.",
]
# The writer's own voice: whoever speaks in these sentences does not vouch for the capture.
OWN_VOICE = [
    "Rebels captured Goma.",
    "Rebels captured Goma, which the army says it will retake.",
    "The mayor, who said little, watched as rebels captured Goma.",
    "Rebels captured Goma and said they wanted talks.",
]


@pytest.mark.parametrize(
    ("modality", "marked"), [(name, text) for name, texts in MODALITIES.items() for text in texts]
)
def test_modality(modality: str, marked: str, unmark, understand) -> None:  # type: ignore[no-untyped-def]
    text, marks = unmark(marked)
    (event,) = [mark for mark in marks if mark.is_event]
    mentions, _ = understand(text, DAY)
    assert [(m.event_type, m.modality) for m in mentions if event.overlaps(m.trigger)] == [
        (event.name, modality)
    ]


@pytest.mark.parametrize("marked", SOURCES)
def test_source(marked: str, unmark, understand) -> None:  # type: ignore[no-untyped-def]
    text, marks = unmark(marked)
    (source,) = [mark for mark in marks if mark.name == "source"]
    (event,) = [mark for mark in marks if mark.is_event]
    mentions, _ = understand(text, DAY)
    found = [m.attribution for m in mentions if event.overlaps(m.trigger)]
    assert [span and (span.start, span.text) for span in found] == [(source.start, source.text)]


@pytest.mark.parametrize("text", OWN_VOICE)
def test_the_writer_s_own_voice(text: str, understand) -> None:  # type: ignore[no-untyped-def]
    mentions, _ = understand(text, DAY)
    assert [
        (m.modality, m.attribution) for m in mentions if m.place_name == "Goma" and m.modality == "actual"
    ] == [("actual", None)]
