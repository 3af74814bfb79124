"""One conjunct of a phrase: its head, what hangs on it, and the actor that the two name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from frontlog.actors.matching import Match, find_matches
from frontlog.actors.naming import Scene, plain
from frontlog.actors.tokens import Token, tokenise
from frontlog.records import Actor

_STATE_NOUNS = ("government", "force")
# "Kurdish forces" may be a group; "Kurdish rebels backed by the US" are rebels first.
_OPPOSING = ("rebel", "separatists", "militants", "jihadists", "mutineers")
_PLURALS = {"rebel": "rebels", "separatists": "separatists", "mutineers": "mutineers", "gang": "gangs"}
# Names and kinds that general nouns give: alone ("militants"), or after a demonym ("Libyan militants").
_OWN_NAMES = {
    "militants": ("militants", "rebel"),
    "jihadists": ("jihadists", "rebel"),
    "gunmen": ("gunmen", "unknown"),
    "militia": ("militia", "militia"),
    "gang": ("gangs", "militia"),
    "crowd": ("civilians", "civilian"),
}


@dataclass(frozen=True)
class Head:
    """A conjunct: its text, its words, and a general noun borrowed from the last conjunct."""

    text: str
    tokens: Sequence[Token]
    borrowed: Sequence[Token] = ()


def actor_of_head(part: Head, scene: Scene, depth: int = 0) -> tuple[Actor, ...]:
    """The actor of one conjunct; empty where it names none."""
    head, tail = _cut(part.tokens, scene)
    if not head:
        return _of_text(part, tail, scene, depth)
    matches = find_matches(head, scene.lexicon, country=scene.country, day=scene.day, aliases=scene.aliases)
    links = _links(head, scene)
    named = [m for m in matches if m.last not in links and not _negated(head, m)]
    words = [t for n, t in enumerate(head) if not any(m.first <= n < m.last for m in named)]
    last = scene.last_class(head) or (scene.last_class(part.borrowed) if part.borrowed else None)
    armed = any(t.key == "armed" for t in part.tokens)
    if (last == "source" or (last == "civil" and not armed)) and not _is_named_end(head, named):
        return ()
    actor = _side_taken(head, matches, last, scene) or _named(part, head, named, last, scene)
    if actor is not None:
        return (actor,)
    # A local phrase that other words speak against is no name.
    named = [m for m in named if m.ref is None or m.ref.role != "local"]
    if actor is None and not named:
        actor = _by_link(head, matches, links, last, scene)
        if actor is not None:
            return (actor,)
    general = not named and _is_general(head, scene, links)
    if tail and (general or not head):
        actors = _of_text(part, tail, scene, depth)
        # "Troops from Chad" are Chad's, "militants from Iraq" are not Iraq's.
        if actors and (last in _STATE_NOUNS or all(a.country is None for a in actors)):
            return actors
    if any(m.ref is not None and m.ref.state for m in named):
        return ()
    if general:
        actor = _general(head, last, scene, any(t.key == "armed" for t in part.tokens))
        return (actor,) if actor else ()
    unknown = _unknown(part, head, words, last, scene)
    return (unknown,) if unknown else ()


def _of_text(part: Head, tail: Sequence[Token], scene: Scene, depth: int) -> tuple[Actor, ...]:
    if not tail or depth >= 3:
        return ()
    actors = actor_of_head(replace(part, tokens=tail, borrowed=()), scene, depth + 1)
    return tuple(a for a in actors if a.kind != "unknown" or depth == 0)


def _cut(tokens: Sequence[Token], scene: Scene) -> tuple[Sequence[Token], Sequence[Token]]:
    """The head of a conjunct, and what follows a bridge word ("fighters | from | X"); the rest is dropped."""
    nouns = scene.lexicon.nouns
    spans = find_matches(tokens, scene.lexicon, country=scene.country, day=scene.day, aliases=scene.aliases)
    inside = {n for m in spans for n in range(m.first + 1, m.last)}
    taken = inside | {m.first for m in spans}
    start = 0
    while start < len(tokens) and start not in taken and (tokens[start].key,) in nouns["fillers"]:
        # "hundreds of", "a number of", "units of": the quantity goes with its "of".
        quantity = start + 1 < len(tokens) and tokens[start + 1].key == "of"
        if not quantity and (scene.classes_at(tokens, start) or (start and tokens[start].capital)):
            break
        start += 2 if quantity else 1
    start = min(start, max(0, len(tokens) - 1))
    for at in range(start, len(tokens)):
        if at in inside or tokens[at].joined or tokens[at].capital:
            continue
        if at > start and (tokens[at].key,) in nouns["bridge"]:
            if _within_name(tokens, at, scene):
                continue
            if (
                at + 1 < len(tokens)
                and tokens[at + 1].key == "by"
                and tokens[at].key not in ("led", "commanded")
            ):
                return tokens[start:at], ()
            rest = at + 1
            while rest < len(tokens) and tokens[rest].key in ("to", "with", "by", "as"):
                rest += 1
            return tokens[start:at], tokens[rest:]
        for length in (3, 2, 1):
            if tuple(t.key for t in tokens[at : at + length]) in nouns["stop"] and at > start:
                return tokens[start:at], ()
    return tokens[start:], ()


def _within_name(tokens: Sequence[Token], at: int, scene: Scene) -> bool:
    """Whether an "of" stands inside a name ("Lions of the Plain", but not "units of the Army")."""
    before, after = tokens[at - 1], tokens[at + 1 : at + 2]
    general = scene.classes_at([before], 0) or _filler(before, scene)
    return tokens[at].key == "of" and before.capital and bool(after) and after[0].capital and not general


def _links(head: Sequence[Token], scene: Scene) -> set[int]:
    """Positions of "-led", "-backed" ...: a name that ends there is not the head."""
    nouns = scene.lexicon.nouns["link"]
    return {n for n, t in enumerate(head) if t.joined and (t.key,) in nouns}


def _by_link(
    head: Sequence[Token], matches: Sequence[Match], links: set[int], last: str | None, scene: Scene
) -> Actor | None:
    """ "X-led forces" are X's; "al-Qaeda-linked militants" its only offshoot there, else unnamed."""
    for match in matches:
        if match.last not in links or match.ref is None or match.ref.role == "local":
            continue
        leads = head[match.last].key in ("led", "dominated", "run")
        if leads and last in ("force", "government", "militants", "rebel", None):
            return (
                scene.state_actor(match.ref.target)
                if match.ref.state
                else scene.group_actor(match.ref.target)
            )
        if not match.ref.state and last in ("force", "militants", "rebel", "jihadists", "gunmen"):
            groups = scene.lexicon.groups.values()
            near = [g for g in groups if g.parent == match.ref.target and scene.country in g.countries]
            offshoots = [g.name for g in near if g.years.covers(scene.day)]
            alike = head[match.last].key in ("linked", "affiliated", "inspired", "aligned", "allied")
            if alike and len(offshoots) == 1:
                return scene.group_actor(offshoots[0])
            return Actor("militants", "rebel") if last == "force" else None
        if match.ref.state and last == "force" and match.ref.target != scene.country:
            # Whom a foreign state backs may be either side.
            return Actor(f"{head[match.first].text}-{head[match.last].text} forces", "unknown")
    return None


def _negated(head: Sequence[Token], match: Match) -> bool:
    """Whether a name only says for or against whom ("pro-Assad militias", "anti-Taliban forces")."""
    return (
        match.first > 0
        and head[match.first].joined
        and head[match.first - 1].key in ("pro", "anti", "ex", "non")
    )


def _is_named_end(head: Sequence[Token], named: Sequence[Match]) -> bool:
    return any(
        m.last == len(head) and (m.ref is None or not m.ref.state or m.ref.role != "adjective") for m in named
    )


def _side_taken(
    head: Sequence[Token], matches: Sequence[Match], last: str | None, scene: Scene
) -> Actor | None:
    """ "Pro-government", "anti-regime", "pro-Assad", "loyalist" forces."""
    home = scene.home_state()
    for at, token in enumerate(head[:-1]):
        if token.key not in ("pro", "anti") or not head[at + 1].joined:
            continue
        after = head[at + 1]
        match = next((m for m in matches if m.first == at + 1), None)
        own = (after.key,) in scene.lexicon.nouns["government"] or (
            match is not None and match.ref is not None and match.ref.state and home is not None
            and match.ref.target == home.code
        )  # fmt: skip
        if token.key == "pro" and own:
            return scene.home() or Actor("government", "state")
        if token.key == "anti" and own:
            return _rebels("rebel", None, scene)
        if token.key == "pro" and match is not None and match.ref is not None and not match.ref.state:
            return scene.group_actor(match.ref.target) if match.ref.role != "local" else None
    if any((t.key,) == ("loyalist",) for t in head) and last != "source":
        return scene.home() or Actor("government", "state")
    return None


def _named(
    part: Head, head: Sequence[Token], named: Sequence[Match], last: str | None, scene: Scene
) -> Actor | None:
    for match in reversed(named):
        if match.ref is None:
            return _introduced(match.long_form or "", scene)
    for match in reversed(named):
        if match.ref is not None and match.ref.role in ("group", "leader") and not match.ref.state:
            return scene.group_actor(match.ref.target)
    states = [m for m in named if m.ref is not None and m.ref.state]
    local = _local(head, named, states, last, scene)
    if local is not None:
        return local
    if not states:
        return None
    return _of_state(part, head, states, last, scene)


def _introduced(long_form: str, scene: Scene) -> Actor | None:
    """The actor behind an abbreviation that the article explains."""
    tokens = tokenise(long_form)
    actors = actor_of_head(Head(long_form, tokens), replace(scene, aliases={}))
    if actors:
        return actors[0]
    if scene.last_class(tokens) in ("source", "civil") or _holds(tokens, "source", scene):
        return None
    return Actor(long_form, "unknown") if _armed_name(tokens, scene) or scene.last_class(tokens) else None


def _local(
    head: Sequence[Token], named: Sequence[Match], states: Sequence[Match], last: str | None, scene: Scene
) -> Actor | None:
    """A phrase of local.toml, unless other words of the head speak against it."""
    foreign = [m for m in states if m.ref is not None and m.ref.target != scene.country]
    if foreign and foreign[0].ref is not None and foreign[0].ref.role == "adjective":
        # "Iraqi Kurdish forces" in Syria: the demonym says in which country the phrase is to be read.
        there = replace(scene, country=foreign[0].ref.target)
        rest = head[foreign[0].last :]
        again = find_matches(rest, scene.lexicon, country=there.country, day=scene.day)
        if again and again[0].ref is not None and again[0].ref.role == "local" and rest[0].capital:
            return scene.local_actor(scene.lexicon.locals[int(again[0].ref.target)])
        return None
    for match in named:
        if match.ref is None or match.ref.role != "local":
            continue
        local = scene.lexicon.locals[int(match.ref.target)]
        rest = [t for n, t in enumerate(head) if not match.first <= n < match.last]
        backed = head[match.last - 1].key in ("backed", "supported", "allied")
        if (backed and (last in _OPPOSING or last in ("government", None))) or (local.exact and rest):
            continue
        if last not in ("source", "civil", "crowd") and not any(
            t.capital and not _filler(t, scene) for t in rest
        ):
            return scene.local_actor(local)
    return None


def _filler(token: Token, scene: Scene) -> bool:
    return (token.key,) in scene.lexicon.nouns["fillers"]


def _of_state(
    part: Head, head: Sequence[Token], states: Sequence[Match], last: str | None, scene: Scene
) -> Actor | None:
    """A demonym, country, capital or ruler, with or without a general noun."""
    match = states[-1] if states[-1].ref and states[-1].ref.role != "adjective" else states[0]
    ref = match.ref
    assert ref is not None
    after = head[match.last :]
    kinds = {kind for at in range(len(head)) for kind, _ in scene.classes_at(head, at)}
    if ref.role in ("force", "leader"):
        return scene.state_actor(ref.target)
    if ref.role == "people" or (ref.role == "adjective" and head[match.last - 1].plural and not after):
        return None if ref.target == scene.country else scene.state_actor(ref.target)
    former = scene.lexicon.state_of(ref.target, scene.day)
    code = former.code if former is not None else ref.target
    adjective = scene.lexicon.states[code].adjective
    for kind in ("rebel", "separatists"):
        if kind in kinds:
            return _rebels(kind, code, scene)
    if last == "tribe":
        return _tribe(part, head, scene)
    if "mutineers" in kinds:
        return Actor(f"{adjective} mutineers", "rebel")
    for kind in ("militants", "jihadists", "gunmen", "militia", "gang", "crowd"):
        if last == kind or (kind in kinds and last == "force"):
            if kind == "militia" and ref.target == scene.country and "government" in kinds:
                return scene.state_actor(code)
            name, type_ = _OWN_NAMES[kind]
            return Actor(f"{adjective} {name}", type_)
    if (
        head[-1].key in ("fighter", "men", "volunteer", "mercenarie", "partisan", "warrior")
        and not _possessive(head, match)
        and "government" not in kinds
    ):
        return Actor(f"{adjective} {head[-1].text.lower()}", "unknown")
    if last in _STATE_NOUNS or "government" in kinds or not after:
        return scene.state_actor(code)
    return None


def _possessive(head: Sequence[Token], match: Match) -> bool:
    return head[match.last - 1].possessive


def _rebels(kind: str, code: str | None, scene: Scene) -> Actor:
    """Unnamed rebels or separatists of a country: "Libyan rebels"; without a country the bare noun."""
    state = scene.lexicon.states.get(code) if code else scene.home_state()
    noun = _PLURALS[kind]
    return Actor(f"{state.adjective} {noun}" if state else noun, "rebel")


def _tribe(part: Head, head: Sequence[Token], scene: Scene) -> Actor:
    """ "The Shammar tribesmen" are the ``Shammar tribe``; unnamed ones stay ``tribesmen``."""
    proper = [t for t in head if t.capital and not scene.classes_at([t], 0) and not _filler(t, scene)]
    return Actor(f"{plain(proper, part.text)} tribe" if proper else "tribesmen", "militia")


def _is_general(head: Sequence[Token], scene: Scene, links: set[int]) -> bool:
    """Whether a head consists of general nouns, fillers and lower-case adjectives only."""
    kinds = {kind for at in range(len(head)) for kind, _ in scene.classes_at(head, at)}
    if len(head) > 1 and all(t.capital and not t.letters.isupper() for t in head) and kinds <= {"force"}:
        return False  # "Third Force" is a name
    for n, token in enumerate(head):
        known = (token.key,) in scene.lexicon.nouns["fillers"] or scene.classes_at(head, n)
        link = n in links or n + 1 in links or (n + 1 < len(head) and head[n + 1].joined)
        if token.capital and not known and not link:
            return False
    return True


def _general(head: Sequence[Token], last: str | None, scene: Scene, armed: bool) -> Actor | None:
    """A head of general nouns: "government forces", "rebels", "militants", "armed villagers"."""
    kinds = {kind for at in range(len(head)) for kind, _ in scene.classes_at(head, at)}
    if last is None or (last in ("source", "civil") and not armed):
        return None
    if last in ("crowd", "civil"):
        return Actor(f"armed {head[-1].text.lower()}" if armed else head[-1].text.lower(), "civilian")
    for kind in ("mutineers", "rebel", "separatists"):
        if kind in kinds:
            if scene.home_state() is None and kind == "rebel" and any(t.key == "insurgent" for t in head):
                return Actor("insurgents", "rebel")
            return _rebels(kind, None, scene) if kind != "mutineers" else Actor("mutineers", "rebel")
    if last == "tribe" or (last == "force" and "tribe" in kinds):
        return Actor("tribesmen", "militia")
    for kind in ("militia", "militants", "jihadists", "gunmen", "gang"):
        if kind in kinds and not (kind == "militia" and "government" in kinds):
            return Actor(*_OWN_NAMES[kind])
    if "government" in kinds:
        return scene.home() or Actor("government", "state")
    return _forces(head[-1].key, scene)


def _forces(noun: str, scene: Scene) -> Actor | None:
    """Bare "forces" are most often the state's; bare "fighters" nobody's in particular."""
    if noun in ("force", "unit", "units"):
        return scene.home() or Actor("forces", "unknown")
    return Actor("fighters", "unknown") if noun == "fighter" else None


def _holds(tokens: Sequence[Token], kind: str, scene: Scene) -> bool:
    return any(found == kind for at in range(len(tokens)) for found, _ in scene.classes_at(tokens, at))


def _unknown(
    part: Head, head: Sequence[Token], words: Sequence[Token], last: str | None, scene: Scene
) -> Actor | None:
    """A name that the lexicon lacks, recognised by an armed noun within or after it."""
    if not words or _holds(head, "source", scene):
        return None
    text = part.text
    start = 0
    end = len(head)
    while start < end and not head[start].capital and _filler(head[start], scene):
        start += 1
    if last == "tribe":
        return _tribe(part, head, scene)
    # "the Brotherhood of the North fighters": the general noun after the name is not part of it.
    while end > start + 1 and not head[end - 1].capital and scene.classes_at(head[end - 1 : end], 0):
        end -= 1
    if end - start == 1 and not head[start].possessive and not _armed_name(head[start:end], scene):
        end = len(head)  # "Misrata fighters": a single word is no name of a force by itself
    armed = any(scene.classes_at(head, at) for at in range(len(head))) or _armed_name(head, scene)
    if not armed or not any(t.capital for t in head[start:end]):
        return None
    tail = part.tokens[part.tokens.index(head[-1]) + 1 :]
    if end == len(head) and tail and tail[0].key == "of":
        whole = [*head[start:], *_proper_run(tail)]
        return Actor(plain(whole, text), "unknown")
    name = plain(head[start:end], text)
    return Actor(f"{name} forces" if head[end - 1].possessive else name, "unknown")


def _armed_name(head: Sequence[Token], scene: Scene) -> bool:
    """Words of foreign or translated names of armed groups."""
    return any((t.key,) in scene.lexicon.nouns["name_words"] for t in head)


def _proper_run(tail: Sequence[Token]) -> list[Token]:
    run: list[Token] = []
    for token in tail:
        if not (token.capital or token.key in ("of", "for")):
            break
        run.append(token)
    while run and not run[-1].capital:
        run.pop()
    return run
