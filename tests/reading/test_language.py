"""Which language a text is in: real-looking news of many languages, telegrams, headlines, mixed texts."""

from __future__ import annotations

import pytest

from frontlog.reading.language import language_name, language_of
from frontlog.records import Article
from frontlog.run import _english

ENGLISH = [
    "Rebels left the river town on Monday and the army moved in, residents said. It was quiet in the evening.",
    # Capitals, and telegrams that are little more than names.
    "REBELS SEIZE DEIR EZ-ZOR AIRBASE AFTER ARMY PULLS OUT OF MAYADEEN, BOUKAMAL",
    "Deir ez-Zor: SDF captures Hajin, Al-Shaafah, Sousah. Baghuz Fawqani besieged. Daesh fighters surrender near Abu "
    "Kamal, Qaim.",
    "M23 seizes Bunagana, Rutshuru, Kiwanja. FARDC withdraws toward Kibumba, Goma. MONUSCO shells Rumangabo positions.",
    "Idlib: HTS takes Saraqib, Maarat al-Numan. SAA retreats to Abu al-Duhur. Russian jets strike Jisr al-Shughur.",
    "Chasiv Yar, Toretsk, Pokrovsk, Kurakhove, Vuhledar: Russian troops enter Novohrodivka, Krasnohorivka; Zelenskyy, "
    "Syrskyi confirm withdrawal",
    "AL-SHABAAB FIGHTERS RETAKE EL DHEER, MASAGAWAY, GALCAD, BUDBUD; MACAWISLEY MILITIA FLEE MUDUG, GALMUDUG",
    "Abyan, Shabwa, Marib: Houthis storm Ataq, Bayhan, Usaylan. Southern Transitional Council loses Zinjibar, Jaar.",
    # Foreign words, a foreign site name, a foreign line.
    '"La ville est tombée," said Colonel Mutebusi. "Vive la République," shouted soldiers. Bukavu residents fled '
    "toward Cyangugu, Rwanda.",
    "Süddeutsche Zeitung\n\nRebels left the river town on Monday and the army moved in, residents said.",
    "Rebels left the river town on Monday and the army moved in, residents said.\n\nالأهرام ويكلي\n\nاقرأ المزيد",
]
FOREIGN = [
    (
        "de",
        "Die Rebellen haben die Stadt am Fluss am Montag verlassen, und die Armee rückte ein, sagten Bewohner.",
    ),
    ("de", "REBELLEN VERLASSEN DIE STADT AM FLUSS, ARMEE RÜCKT EIN, SAGEN BEWOHNER AM ABEND"),
    (
        "fr",
        "Les rebelles ont quitté lundi la ville au bord du fleuve et l'armée y est entrée, selon des habitants.",
    ),
    (
        "es",
        "Los rebeldes abandonaron el lunes la ciudad a orillas del río y el ejército entró, según los vecinos.",
    ),
    (
        "it",
        "I ribelli hanno lasciato lunedì la città sul fiume e l'esercito è entrato, hanno detto i residenti.",
    ),
    (
        "pt",
        "Os rebeldes deixaram a cidade ribeirinha na segunda-feira e o exército entrou, disseram moradores.",
    ),
    (
        "nl",
        "De rebellen verlieten maandag het stadje aan de rivier en het leger trok binnen, zeiden bewoners.",
    ),
    (
        "af",
        "Die regering het Maandag gesê dat die rebelle die stad verlaat het en dat die leër in die nag daar was.",
    ),
    (
        "da",
        "Oprørerne forlod mandag byen ved floden, og hæren rykkede ind, sagde beboerne. Det var stille om aftenen.",
    ),
    (
        "no",
        "Opprørerne forlot byen ved elven mandag, og hæren rykket inn, sa innbyggerne. Det var stille på kvelden.",
    ),
    ("sv", "Rebellerna lämnade staden vid floden på måndagen och armén ryckte in, sade invånarna."),
    (
        "pl",
        "Rebelianci opuścili w poniedziałek miasto nad rzeką, a do środka wkroczyło wojsko, mówili mieszkańcy.",
    ),
    ("tr", "İsyancılar pazartesi günü nehir kıyısındaki kasabayı terk etti ve ordu kasabaya girdi, dediler."),
    (
        "so",
        "Ciidamada dowladda ayaa maanta la wareegay degmada kadib dagaal culus oo ay la galeen Al-Shabaab.",
    ),
    ("sw", "Waasi waliondoka katika mji huo siku ya Jumatatu na jeshi likaingia, walisema wakazi wa mji."),
    ("ru", "Войска вошли в город утром, сообщили жители, вечером было тихо и спокойно на улицах."),
    ("uk", "Війська увійшли до міста вранці, повідомили мешканці, увечері на вулицях було тихо і спокійно."),
    ("ar", "غادر المتمردون بلدة النهر يوم الاثنين ودخل الجيش إليها بحسب السكان"),
    ("fa", "شورشیان روز دوشنبه شهر کنار رودخانه را ترک کردند و ارتش وارد شد، ساکنان گفتند."),
    ("he", "המורדים עזבו את העיירה שעל הנהר ביום שני והצבא נכנס, אמרו תושבים."),
    ("zh", "周一,叛军离开了河边小镇,军队随后进驻,居民们说。晚上一片寂静。"),
    # Five words of another script are enough.
    ("ar", "الجيش يستعيد مدينة الرقة"),
    ("ru", "Войска вошли в город утром"),
]


@pytest.mark.parametrize("text", ENGLISH)
@pytest.mark.parametrize("declared", [None, "en-GB"])
def test_english_is_kept(text: str, declared: str | None) -> None:
    assert language_of(text, declared) in {"en", None if declared is None else "en"}


@pytest.mark.parametrize("text", [ENGLISH[0], *ENGLISH[-2:]])
def test_text_that_is_plainly_english_wins_over_what_is_declared(text: str) -> None:
    assert language_of(text, "ar") == "en"


@pytest.mark.parametrize("text", ENGLISH[1:6])
def test_a_declared_language_that_is_plainly_wrong_is_passed_over(text: str) -> None:
    assert language_of(text, "ar") is None


@pytest.mark.parametrize(("code", "text"), FOREIGN)
@pytest.mark.parametrize("declared", [None, "en"])
def test_foreign(code: str, text: str, declared: str | None) -> None:
    assert language_of(text, declared) == code


@pytest.mark.parametrize(
    "text", ["Sunday: Pobunjenici su u ponedeljak napustili grad, a vojska je ušla, rekli su."]
)
def test_languages_that_are_near_to_each_other(text: str) -> None:
    assert language_of(text) in {"bs", "hr", "sr"}


@pytest.mark.parametrize(
    "text", ["Rebels enter Deir ez-Zor airbase", "Army retakes Kivu town", "Goma: M23", "", "!"]
)
def test_headlines_are_what_is_declared_and_otherwise_kept(text: str) -> None:
    assert language_of(text) is None
    assert language_of(text, "en-US") == "en"
    assert language_of(text, "fr") == "fr"


def test_mixed_articles() -> None:
    german, english = FOREIGN[0][1], ENGLISH[0]
    assert language_of(f"{english}\n\n{english}\n\n{german}") == "en"
    assert language_of(f"{german}\n\n{german}\n\n{german}\n\nRebels left the town.") == "de"


def test_foreign_articles_are_listed_and_skipped() -> None:
    def article(number: int, language: str | None) -> Article:
        return Article(f"a_{number}", "s", "in.jsonl", number, "text", "0" * 64, language=language)

    kept, rejects = _english([article(1, "en"), article(2, "de"), article(3, None), article(4, "xx")], [])
    assert [a.record for a in kept] == [1, 3]
    assert [(row.path, row.record, row.stage) for row in rejects] == [
        ("in.jsonl", 2, "language"),
        ("in.jsonl", 4, "language"),
    ]
    assert rejects[0].reason == (
        "the text is in German (de); only English is understood. Leave it out, or give a translation"
    )
    assert "in 'xx'; only English" in rejects[1].reason


def test_names() -> None:
    assert (language_name("uk"), language_name("xx")) == ("Ukrainian (uk)", "'xx'")
