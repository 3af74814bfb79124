"""Which language a text is in, so that what is not English is listed and not read as English."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import TYPE_CHECKING

from frontlog.reading.lexicon import word_list

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Share of the function words: 0.19 to 0.41 (median 0.33) in 415 English news texts; 0.05 to 0.13 in sentences
# of Dutch, German, French and Spanish, which write some of the words alike.
_ENOUGH = 0.16
# Telegrams and headlines have few of them: with fewer words the guess would be chance.
_FEWEST_WORDS = 8
# English telegrams full of foreign names ("M23 seizes Bunagana, Rutshuru ...") are taken for another language with
# a probability of 0.87 at most, sentences of 25 other languages for their own or a near relation (Danish and Norwegian;
# Bosnian, Croatian and Serbian) with 0.98 and more. Measured with py3langid on the sentences of our tests.
_SURE = 0.95
_RELATIONS = 3
# Below that, a language that the record or the page names is plainly wrong.
_IMPOSSIBLE = 0.01
# Letters of another script, from which on the text needs no words to be known as foreign.
_FEWEST_LETTERS = 12
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff5a]")
_SAMPLE = 20_000  # characters


def language_of(text: str, declared: str | None = None) -> str | None:
    """The code of an article's language (ISO 639-1), from the text and what its record or page declares.

    The text decides where it is sure: an English article under a foreign site name, with foreign words or with
    a wrong ``language`` is English, and a German one that is called English is not. In a text too short to
    tell, what is declared holds. None where neither says anything.

    >>> language_of("The army said on Friday that it had taken the town and the bridge.", "ar")
    'en'
    """
    own = language_code(declared)
    if guess_language(text) == "en":
        return "en"
    sample = text[:_SAMPLE]
    letters = _WORD.findall(sample)
    number = sum(map(len, letters))
    foreign_script = number - len(_LATIN.findall("".join(letters)))
    if 2 * foreign_script > number >= _FEWEST_LETTERS:
        return _ranked(sample)[0][0]
    if len(letters) < _FEWEST_WORDS:
        return own
    ranked = _ranked(sample)
    # Near relations share the probability among them; what comes behind English does not count.
    before_english = takewhile(lambda pair: pair[0] != "en", ranked[:_RELATIONS])
    if sum(probability for _, probability in before_english) >= _SURE:
        return ranked[0][0]
    return None if dict(ranked).get(own or "", 1.0) < _IMPOSSIBLE else own


def guess_language(text: str) -> str | None:
    """``"en"`` if the text looks English by its function words and its script, otherwise None.

    >>> guess_language("The army said on Friday that it had taken the town and the bridge.")
    'en'
    """
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    if len(words) < _FEWEST_WORDS:
        return None
    function_words = frozenset(word_list("english", "function_words"))
    share = sum(word in function_words for word in words) / len(words)
    return "en" if share >= _ENOUGH else None


def language_code(value: str | None) -> str | None:
    """The language part of a language tag, in lower case: ``en`` for ``en-GB``, ``English`` and ``eng``."""
    if not value:
        return None
    code = re.split(r"[-_]", value.strip().lower())[0]
    return {"english": "en", "eng": "en"}.get(code, code) or None


def language_name(code: str) -> str:
    """The English name of a language as messages give it: ``German (de)``; the code alone if it is unknown."""
    name = _names().get(code)
    return f"{name} ({code})" if name else repr(code)


def _ranked(text: str) -> list[tuple[str, float]]:
    """Languages and their probabilities, the likeliest first."""
    return [(code, float(probability)) for code, probability in _identifier().rank(text.lower())]


@cache
def _names() -> dict[str, str]:
    """The languages of ``data/languages.toml`` by their code."""
    data = resources.files("frontlog.reading").joinpath("data/languages.toml").read_text(encoding="utf-8")
    names = tomllib.loads(data)["names"]
    if not all(isinstance(name, str) for name in names.values()):
        raise ValueError("reading/data/languages.toml: each language has one name")
    return dict(names)


@cache
def _identifier() -> LanguageIdentifier:
    """py3langid's model, among the languages that have a press; loaded only when a text is not plainly English."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(_names().keys() & set(identifier.labels)))
    return identifier
