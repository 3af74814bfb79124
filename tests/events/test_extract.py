"""Own sentences from many wars, marked with what the shipped model and the rules must find in them.

The tag of the event is its type, with ``modality`` where it is not ``actual``; ``captor``, ``loser`` and
``source`` are the words that fill these roles, ``target`` what changes hands, ``place`` its name. The date is
the day of publication.
"""

from __future__ import annotations

from datetime import date

import pytest

MARKED = [
    # capture
    (
        "2012-11-21",
        "<captor>Rebels</captor> <capture>seized</capture> <target>the eastern city of "
        "<place>Goma</place></target> on Tuesday.",
    ),
    (
        "1950-07-21",
        "<captor>North Korean troops</captor> <capture>captured</capture> "
        "<target><place>Taejon</place></target> on Thursday after two days of street fighting.",
    ),
    (
        "1975-04-30",
        "<captor>North Vietnamese forces</captor> <capture>took</capture> "
        "<target><place>Saigon</place></target> on Wednesday.",
    ),
    (
        "2014-08-08",
        "<captor>Boko Haram fighters</captor> <capture>overran</capture> <target>the town of "
        "<place>Gwoza</place></target> on Wednesday, residents said.",
    ),
    (
        "2011-08-22",
        "<target><place>Tripoli</place></target> <capture>fell</capture> to <captor>the "
        "rebels</captor> on Sunday night.",
    ),
    (
        "2012-04-01",
        "<target>The northern town of <place>Kidal</place></target> <capture>fell</capture> "
        "into the hands of <captor>Tuareg rebels</captor> on Friday.",
    ),
    (
        "2022-03-03",
        "<captor>Russian forces</captor> have <capture>taken control of</capture> <target>the "
        "southern city of <place>Kherson</place></target>, its mayor said on Wednesday.",
    ),
    (
        "2015-03-23",
        "<captor>Houthi fighters</captor> <capture>seized</capture> <target>the airport in "
        "<place>Taiz</place></target> on Sunday.",
    ),
    (
        "2021-08-16",
        "<captor>The Taliban</captor> <capture>captured</capture> "
        "<target><place>Kandahar</place></target> and <target><place>Herat</place></target> "
        "last week.",
    ),
    (
        "1982-04-03",
        "<captor>Argentine troops</captor> <capture>occupied</capture> <target><place>Port "
        "Stanley</place></target> on Friday.",
    ),
    (
        "2013-03-25",
        "<target><place>Bangui</place></target> was <capture>captured</capture> by "
        "<captor>Seleka rebels</captor> on Sunday.",
    ),
    (
        "2020-11-09",
        "<captor>Azerbaijani forces</captor> <capture>captured</capture> <target>the strategic "
        "town of <place>Shusha</place></target> from <loser>Armenian troops</loser> on Sunday.",
    ),
    (
        "2023-12-19",
        "<captor>The Rapid Support Forces</captor> <capture>took over</capture> <target>the "
        "city of <place>Wad Madani</place></target> on Monday after the army withdrew.",
    ),
    (
        "2014-06-11",
        "<captor>Islamist militants</captor> <capture>seized</capture> <target>the northern "
        "Iraqi city of <place>Mosul</place></target> from <loser>government forces</loser> on "
        "Tuesday.",
    ),
    (
        "1999-12-30",
        "<captor>Russian paratroopers</captor> <capture>seized</capture> <target>a strategic "
        "height near <place>Grozny</place></target> on Wednesday.",
    ),
    (
        "2014-04-14",
        "<captor>Pro-Russian gunmen</captor> <capture>seized</capture> <target>the police "
        "station in <place>Sloviansk</place></target> on Saturday.",
    ),
    (
        "2012-04-02",
        "The rebels celebrated <capture>the capture</capture> of "
        "<target><place>Timbuktu</place></target> by <captor>Tuareg fighters</captor>.",
    ),
    (
        "2020-08-13",
        "<captor>Insurgents</captor> linked to Islamic State <capture>seized</capture> "
        "<target>the port of <place>Mocimboa da Praia</place></target> on Wednesday.",
    ),
    (
        "2014-12-18",
        "<target>The town of <place>Bor</place></target>, <capture>captured</capture> by "
        "<captor>rebels</captor> last year, lies in ruins.",
    ),
    (
        "2008-08-12",
        "<target><place>Gori</place></target>, which <captor>Russian troops</captor> "
        "<capture>seized</capture> on Monday, was deserted.",
    ),
    (
        "2008-02-04",
        "<captor>Chadian rebels</captor> managed to <capture>take</capture> <target>the town "
        "of <place>Oum Hadjer</place></target> on Thursday.",
    ),
    (
        "2016-05-30",
        "<captor>Kurdish peshmerga forces</captor> <capture>took</capture> <target>nine "
        "villages near <place>Mosul</place></target> on Sunday.",
    ),
    (
        "1995-07-12",
        "<captor>Bosnian Serb forces</captor> <capture>overran</capture> <target>the enclave "
        "of <place>Srebrenica</place></target> on Tuesday.",
    ),
    (
        "1937-06-20",
        "<captor>Nationalist troops</captor> entered and <capture>captured</capture> "
        "<target><place>Bilbao</place></target> on Saturday.",
    ),
    (
        "2006-07-13",
        "<captor>Hezbollah fighters</captor> <capture>captured</capture> <target>two Israeli "
        "soldiers near the border</target> on Wednesday.",
    ),
    (
        "2014-06-12",
        "<captor>Militants</captor> <capture>seized</capture> dozens of <target>tanks in "
        "<place>Mosul</place></target>.",
    ),
    (
        "2012-11-20",
        "<captor>Rebels</captor> are <capture modality=ongoing>trying to take</capture> "
        "<target><place>Sake</place></target>.",
    ),
    (
        "2015-02-20",
        "<captor>Rebels</captor> failed to <capture modality=failed>capture</capture> "
        "<target>the town of <place>Busra</place></target>.",
    ),
    (
        "2015-06-01",
        "<captor>Islamic State</captor> could <capture modality=hypothetical>seize</capture> "
        "<target><place>Hasaka</place></target>.",
    ),
    (
        "2012-04-05",
        "<source>The army</source> denied that <captor>rebels</captor> had <capture "
        "modality=denied>captured</capture> <target><place>Mopti</place></target>.",
    ),
    (
        "2021-05-10",
        "<captor>Insurgents</captor> did not <capture modality=denied>capture</capture> "
        "<target><place>Palma</place></target>.",
    ),
    (
        "2014-08-25",
        "<target>The <place>Tabqa</place> air base</target> was <capture>captured</capture> by "
        "<captor>Islamic State</captor> on Sunday, according to <source>activists</source>.",
    ),
    (
        "1968-02-01",
        "<captor>Viet Cong guerrillas</captor> <capture>seized</capture> <target>the radio "
        "station in <place>Hue</place></target> on Wednesday.",
    ),
    (
        "1979-01-08",
        "<captor>Vietnamese troops</captor> <capture>captured</capture> <target><place>Phnom "
        "Penh</place></target> on Sunday, ending four years of Khmer Rouge rule.",
    ),
    (
        "1998-10-13",
        "<source>Congolese rebels</source> said <captor>they</captor> had "
        "<capture>captured</capture> <target>the town of <place>Kindu</place></target> on "
        "Monday.",
    ),
    (
        "2003-08-05",
        "<captor>Liberian rebels</captor> <capture>took</capture> <target>the port city of "
        "<place>Buchanan</place></target> last week.",
    ),
    (
        "2004-02-23",
        "<captor>Haitian rebels</captor> <capture>overran</capture> "
        "<target><place>Cap-Haitien</place></target> on Sunday.",
    ),
    (
        "2010-05-03",
        "<captor>Hizbul Islam militants</captor> <capture>seized</capture> <target>the port of "
        "<place>Haradhere</place></target> on Sunday.",
    ),
    (
        "2017-05-24",
        "<captor>Militants</captor> who pledged loyalty to Islamic State "
        "<capture>seized</capture> parts of <target><place>Marawi</place></target> on Tuesday.",
    ),
    (
        "2015-05-17",
        "<captor>Islamic State</captor> has <capture>seized</capture> "
        "<target><place>Ramadi</place></target>, <source>the provincial governor</source> "
        "said.",
    ),
    (
        "2015-09-29",
        "<captor>The Taliban</captor> <capture>captured</capture> half of "
        "<target><place>Kunduz</place></target> on Monday.",
    ),
    (
        "2012-12-24",
        "<captor>Central African rebels</captor> <capture>captured</capture> <target>the "
        "diamond town of <place>Bria</place></target>, <source>a military source</source> said "
        "on Tuesday.",
    ),
    (
        "2013-06-05",
        "<captor>Syrian troops</captor> backed by Hezbollah <capture>captured</capture> "
        "<target>the border town of <place>Qusair</place></target> on Wednesday.",
    ),
    (
        "2022-05-03",
        "After <captor>rebels</captor> <capture>took</capture> <target>the village of "
        "<place>Debaltseve</place></target> in 2015, its people left.",
    ),
    (
        "2014-03-19",
        "<captor>Russian soldiers</captor> <capture>seized</capture> <target>two Ukrainian "
        "naval bases in <place>Sevastopol</place></target> on Wednesday.",
    ),
    (
        "2023-10-08",
        "<captor>Hamas gunmen</captor> <capture>captured</capture> dozens of <target>Israeli "
        "soldiers</target> on Saturday.",
    ),
    (
        "2013-03-07",
        "<captor>Rebels</captor> tried to <capture modality=ongoing>seize</capture> "
        "<target>the airport in <place>Aleppo</place></target> on Thursday.",
    ),
    (
        "2011-04-01",
        "If <captor>the rebels</captor> <capture modality=hypothetical>capture</capture> "
        "<target><place>Brega</place></target>, the way to Sirte is open.",
    ),
    (
        "2014-08-19",
        "<source>Officials</source> fear that <captor>militants</captor> will <capture "
        "modality=hypothetical>seize</capture> <target><place>Haditha</place></target>.",
    ),
    (
        "1999-08-10",
        "<captor>Chechen fighters</captor> <capture>seized</capture> <target>several villages "
        "in <place>Dagestan</place></target> at the weekend.",
    ),
    (
        "2008-05-12",
        "<captor>Hezbollah gunmen</captor> <capture>took control of</capture> <target>west "
        "<place>Beirut</place></target> on Friday.",
    ),
    (
        "1988-02-24",
        "<captor>Mujahideen</captor> <capture>captured</capture> <target><place>Khost</place></target>.",
    ),
    (
        "2006-12-29",
        "<captor>Ethiopian and Somali government troops</captor> <capture>captured</capture> "
        "<target><place>Mogadishu</place></target> on Thursday.",
    ),
    (
        "2012-08-31",
        "<loser>The government</loser> has <capture>lost</capture> "
        "<target><place>Douma</place></target> to <captor>the rebels</captor>.",
    ),
    (
        "1996-09-27",
        "<captor>Taliban fighters</captor> marched into and <capture>took</capture> "
        "<target><place>Kabul</place></target> on Friday.",
    ),
    (
        "2018-03-18",
        "<captor>Turkish-backed rebels</captor> <capture>took</capture> full control of "
        "<target><place>Afrin</place></target> on Sunday.",
    ),
    (
        "2009-01-02",
        "<captor>The Sri Lankan army</captor> <capture>captured</capture> "
        "<target><place>Kilinochchi</place></target>, the Tigers' de facto capital, on Friday.",
    ),
    (
        "2024-12-08",
        "<captor>Syrian rebels</captor> <capture>captured</capture> "
        "<target><place>Damascus</place></target> on Sunday as President Bashar al-Assad fled.",
    ),
    (
        "1939-03-28",
        "<target><place>Madrid</place></target> has <capture>fallen</capture> to "
        "<captor>Franco's troops</captor>.",
    ),
    (
        "2014-10-15",
        "<captor>Houthi rebels</captor> <capture>took over</capture> <target>the Red Sea port "
        "of <place>Hodeida</place></target> without a fight on Tuesday.",
    ),
    (
        "2025-01-28",
        "<captor>M23 fighters</captor> <capture>seized</capture> <target>the airport in "
        "<place>Goma</place></target>, <source>a U.N. official</source> said.",
    ),
    (
        "2008-01-30",
        "<captor>Tamil Tiger rebels</captor> <capture>seized</capture> <target>an army camp "
        "near <place>Mannar</place></target>.",
    ),
    (
        "2004-10-02",
        "<captor>Maoist rebels</captor> <capture>captured</capture> <target>the town of "
        "<place>Bandipur</place></target> on Friday night.",
    ),
    (
        "1998-11-02",
        "<captor>FARC guerrillas</captor> <capture>overran</capture> <target>the town of "
        "<place>Mitu</place></target> on Sunday.",
    ),
    (
        "2008-08-10",
        "<captor>Georgian troops</captor> <capture>captured</capture> "
        "<target><place>Tskhinvali</place></target> on Friday, <source>the interior "
        "ministry</source> said.",
    ),
    # recapture
    (
        "2021-06-29",
        "<captor>Tigrayan fighters</captor> <recapture>retook</recapture> "
        "<target><place>Mekelle</place></target> on Monday.",
    ),
    (
        "2009-04-06",
        "<captor>The army</captor> <recapture>liberated</recapture> <target>the last "
        "town</target> held by <loser>the Tamil Tigers</loser>.",
    ),
    (
        "2016-08-13",
        "<captor>U.S.-backed forces</captor> <recapture>liberated</recapture> <target>the "
        "northern Syrian city of <place>Manbij</place></target> from <loser>Islamic "
        "State</loser> on Friday.",
    ),
    (
        "1996-08-12",
        "<captor>Chechen rebels</captor> have <recapture>recaptured</recapture> most of "
        "<target><place>Grozny</place></target> from <loser>Russian troops</loser>.",
    ),
    (
        "2013-01-28",
        "<captor>French and Malian troops</captor> <recapture>retook</recapture> "
        "<target><place>Gao</place></target> on Saturday.",
    ),
    (
        "2022-09-12",
        "<captor>Ukrainian forces</captor> <recapture>regained control of</recapture> "
        "<target><place>Izium</place></target> on Saturday.",
    ),
    (
        "2015-03-31",
        "<target><place>Tikrit</place></target> has been <recapture>liberated</recapture> by "
        "<captor>Iraqi forces</captor>, the prime minister said on Tuesday.",
    ),
    (
        "2015-07-20",
        "<captor>Forces loyal to President Hadi</captor> <recapture>won back</recapture> "
        "<target><place>Aden</place></target> from <loser>the Houthis</loser> on Friday.",
    ),
    (
        "1982-06-15",
        "<captor>British troops</captor> <recapture>recaptured</recapture> <target><place>Port "
        "Stanley</place></target> from <loser>Argentine forces</loser> on Monday.",
    ),
    (
        "2015-11-14",
        "<captor>Kurdish fighters</captor> <recapture>freed</recapture> <target>the town of "
        "<place>Sinjar</place></target> on Friday.",
    ),
    (
        "1944-08-26",
        "<target><place>Paris</place></target> was <recapture>liberated</recapture> by "
        "<captor>Allied troops</captor> on Friday.",
    ),
    (
        "2011-10-20",
        "The <recapture>liberation</recapture> of <target><place>Sirte</place></target> by "
        "<captor>transitional government fighters</captor> ended the war.",
    ),
    (
        "2012-08-05",
        "<captor>Somali troops</captor> <recapture>took back</recapture> <target>the port of "
        "<place>Marka</place></target> from <loser>al-Shabaab</loser> on Saturday.",
    ),
    (
        "2014-05-26",
        "<captor>The government</captor> vowed to <recapture "
        "modality=planned>retake</recapture> <target><place>Donetsk</place></target>.",
    ),
    (
        "2016-10-17",
        "<captor>Iraqi forces</captor> will <recapture modality=planned>retake</recapture> "
        "<target><place>Mosul</place></target> by the end of the year.",
    ),
    (
        "2016-03-27",
        "<source>Syrian state television</source> said <captor>the army</captor> had "
        "<recapture>recaptured</recapture> <target><place>Palmyra</place></target>.",
    ),
    (
        "2015-03-05",
        "<captor>Iraqi troops</captor> are <recapture modality=ongoing>battling to "
        "recapture</recapture> <target><place>Tikrit</place></target>.",
    ),
    (
        "2016-02-08",
        "<source>The army</source> said <captor>it</captor> had <recapture>retaken</recapture> "
        "<target>the town of <place>Atman</place></target> from <loser>rebels</loser> on "
        "Friday.",
    ),
    (
        "2020-06-05",
        "<captor>Government forces</captor> <recapture>seized back</recapture> <target>the "
        "city of <place>Tarhuna</place></target> from <loser>Haftar's troops</loser>.",
    ),
    (
        "1995-05-02",
        "<captor>Croatian forces</captor> <recapture>retook</recapture> <target>the town of "
        "<place>Okucani</place></target> from <loser>rebel Serbs</loser>.",
    ),
    # withdrawal
    (
        "2022-11-10",
        "<loser>Russian troops</loser> <withdrawal>withdrew</withdrawal> from "
        "<target><place>Kherson</place></target> on Wednesday.",
    ),
    (
        "2000-05-24",
        "<loser>Israeli forces</loser> <withdrawal>pulled out</withdrawal> of <target>the town "
        "of <place>Bint Jbeil</place></target> on Monday.",
    ),
    (
        "2012-12-02",
        "<loser>M23 rebels</loser> <withdrawal>left</withdrawal> <target>the city of "
        "<place>Goma</place></target> on Saturday.",
    ),
    (
        "2021-07-06",
        "<loser>American troops</loser> <withdrawal>left</withdrawal> "
        "<target><place>Bagram</place> air base</target> on Friday.",
    ),
    (
        "2015-05-18",
        "<loser>Iraqi soldiers</loser> <withdrawal>fled</withdrawal> "
        "<target><place>Ramadi</place></target> on Sunday.",
    ),
    (
        "2015-05-21",
        "<loser>Government forces</loser> <withdrawal>retreated</withdrawal> from <target>the "
        "ancient city of <place>Palmyra</place></target> on Wednesday.",
    ),
    (
        "2024-02-17",
        "<loser>The Ukrainian army</loser> has <withdrawal>pulled back</withdrawal> from "
        "<target>the eastern town of <place>Avdiivka</place></target>.",
    ),
    (
        "1989-02-06",
        "The <withdrawal>withdrawal</withdrawal> of <loser>Soviet troops</loser> from "
        "<target><place>Kabul</place></target> ended on Saturday.",
    ),
    (
        "2016-12-13",
        "<loser>The rebels</loser> will <handover modality=planned>leave</handover> "
        "<target>the city of <place>Aleppo</place></target> under the deal.",
    ),
    (
        "2014-09-21",
        "<loser>Army units</loser> <withdrawal>withdrew</withdrawal> from <target>the base "
        "near <place>Camp Speicher</place></target> after a month-long siege.",
    ),
    (
        "2022-07-03",
        "<source>Ukraine's general staff</source> confirmed that <loser>its troops</loser> had "
        "<withdrawal>pulled out</withdrawal> of <target><place>Lysychansk</place></target>.",
    ),
    (
        "2000-05-17",
        "<loser>Eritrean troops</loser> <withdrawal>withdrew</withdrawal> from "
        "<target><place>Barentu</place></target>.",
    ),
    (
        "2015-12-10",
        "<loser>Rebels</loser> <withdrawal>left</withdrawal> <target>the Waer district of "
        "<place>Homs</place></target> on Wednesday.",
    ),
    (
        "2013-12-25",
        "<loser>South Sudanese troops</loser> <withdrawal>withdrew</withdrawal> from "
        "<target>the town of <place>Bor</place></target> on Tuesday.",
    ),
    (
        "1975-03-17",
        "<loser>South Vietnamese troops</loser> <withdrawal>abandoned</withdrawal> <target>the "
        "city of <place>Pleiku</place></target>.",
    ),
    (
        "1988-08-22",
        "<loser>South African troops</loser> <withdrawal>pulled out</withdrawal> of "
        "<target><place>Ruacana</place></target>.",
    ),
    (
        "2014-01-15",
        "<loser>The militants</loser> <withdrawal modality=planned>will withdraw</withdrawal> "
        "from <target><place>Ramadi</place></target>.",
    ),
    # surrender
    (
        "2009-05-17",
        "<loser>Tamil Tiger fighters</loser> <surrender>laid down their arms</surrender> on Saturday.",
    ),
    (
        "2019-03-06",
        "<loser>Hundreds of Islamic State fighters</loser> <surrender>surrendered</surrender> "
        "on Tuesday in <place>Baghouz</place>.",
    ),
    (
        "2009-05-18",
        "<loser>Rebels</loser> <surrender>surrendered</surrender> in <place>Bukavu</place> on Sunday.",
    ),
    ("2014-06-12", "<loser>Iraqi soldiers</loser> have <surrender>surrendered</surrender> to militants."),
    (
        "2003-04-10",
        "<loser>An entire Iraqi division</loser> <surrender>surrendered</surrender> on Wednesday.",
    ),
    (
        "2017-09-02",
        "<loser>Islamic State fighters</loser> <surrender>turned themselves in</surrender> on Saturday.",
    ),
    (
        "1982-06-14",
        "<loser>Argentine troops</loser> <surrender>surrendered</surrender> in <place>Port "
        "Stanley</place> on Monday.",
    ),
    (
        "1954-05-08",
        "<loser>The French garrison</loser> at <place>Dien Bien Phu</place> "
        "<surrender>surrendered</surrender> on Friday.",
    ),
    # handover
    (
        "2016-08-27",
        "<target>The town of <place>Daraya</place></target> was <handover>handed "
        "over</handover> to <captor>the Syrian army</captor> under a deal on Friday.",
    ),
    (
        "1949-01-31",
        "<loser>Nationalist troops</loser> <handover>surrendered</handover> "
        "<target><place>Peking</place></target> to <captor>the Communists</captor>.",
    ),
    # siege
    (
        "2016-07-18",
        "<captor>Government forces</captor> <siege>laid siege</siege> to the rebel-held half "
        "of <target><place>Aleppo</place></target> on Sunday.",
    ),
    (
        "2022-03-10",
        "<captor>Russian forces</captor> <siege>surrounded</siege> <target>the port city of "
        "<place>Mariupol</place></target> on Wednesday.",
    ),
    (
        "2013-04-23",
        "<captor>Rebels</captor> <siege>besieged</siege> <target>the <place>Menagh</place> air "
        "base near Aleppo</target> on Monday.",
    ),
    (
        "2020-02-05",
        "<captor>Syrian troops</captor> have <siege>encircled</siege> <target>the town of "
        "<place>Saraqib</place></target>, <source>the Syrian Observatory for Human "
        "Rights</source> said.",
    ),
    (
        "1992-05-03",
        "<captor>Serb forces</captor> <siege>besieged</siege> <target>the town of "
        "<place>Gorazde</place></target> on Saturday.",
    ),
    (
        "2012-07-22",
        "<captor>Rebels</captor> have <siege>encircled</siege> <target>the airport in "
        "<place>Aleppo</place></target>.",
    ),
    (
        "2016-07-28",
        "<captor>The army</captor> has <siege>surrounded</siege> "
        "<target><place>Darayya</place></target>, <source>activists</source> said.",
    ),
    (
        "2022-03-04",
        "<target><place>Mariupol</place></target> has been <siege>encircled</siege> by "
        "<captor>Russian troops</captor>, <source>its mayor</source> said.",
    ),
    (
        "2011-04-10",
        "<captor>Government troops</captor> <siege>besieged</siege> <target><place>Misrata</place></target>.",
    ),
    (
        "2024-05-12",
        "<captor>The Rapid Support Forces</captor> have <siege modality=ongoing>besieged</siege> "
        "<target><place>El Fasher</place></target> since April.",
    ),
    (
        "2012-11-20",
        "<captor>Rebels</captor> were <siege modality=ongoing>surrounding</siege> "
        "<target><place>Goma</place></target> on Monday.",
    ),
    # siege_lifted
    (
        "2014-12-21",
        "<captor>Kurdish fighters</captor> <siege_lifted>broke</siege_lifted> the siege of "
        "<target><place>Mount Sinjar</place></target> on Thursday.",
    ),
    # advance
    (
        "2016-11-02",
        "<captor>Iraqi special forces</captor> <advance>entered</advance> "
        "<target><place>Mosul</place></target> on Tuesday.",
    ),
    (
        "2003-04-06",
        "<captor>U.S. tanks</captor> <advance>pushed</advance> into "
        "<target><place>Baghdad</place></target> on Saturday.",
    ),
    (
        "2011-03-08",
        "<captor>Libyan rebels</captor> <advance>advanced</advance> on "
        "<target><place>Sirte</place></target> on Sunday.",
    ),
    (
        "2014-10-04",
        "<captor>Islamic State fighters</captor> <advance>stormed</advance> <target>the town "
        "of <place>Kobane</place></target> on Friday.",
    ),
    (
        "1994-12-31",
        "<captor>Russian troops</captor> <advance>advanced</advance> towards "
        "<target><place>Grozny</place></target> on Friday.",
    ),
    (
        "2023-04-16",
        "<captor>RSF fighters</captor> <advance>stormed</advance> <target>the airport in "
        "<place>Khartoum</place></target> on Saturday.",
    ),
    (
        "2016-06-05",
        "<captor>Syrian troops</captor> <advance>entered</advance> "
        "<target><place>Raqqa</place> province</target> on Saturday.",
    ),
    (
        "2016-06-23",
        "<captor>Fighters from the Syrian Democratic Forces</captor> "
        "<advance>entered</advance> <target>the town of <place>Manbij</place></target> on "
        "Thursday.",
    ),
    (
        "2019-04-05",
        "<captor>Forces loyal to Khalifa Haftar</captor> <advance>moved</advance> towards "
        "<target><place>Tripoli</place></target> on Thursday.",
    ),
    (
        "1990-07-02",
        "<captor>Rebel troops</captor> <advance>marched</advance> on "
        "<target><place>Monrovia</place></target> on Sunday.",
    ),
    (
        "2018-02-01",
        "<captor>Turkish troops</captor> <advance>entered</advance> <target>the village of "
        "<place>Bulbul</place></target>.",
    ),
    (
        "2014-09-20",
        "<captor>Houthi rebels</captor> <advance>stormed</advance> <target>the television "
        "station in <place>Sanaa</place></target> on Saturday.",
    ),
    # repelled
    (
        "2012-06-10",
        "<loser>The army</loser> <repelled>repelled</repelled> an attack by "
        "<captor>rebels</captor> on <target>the town of <place>Azaz</place></target> on "
        "Saturday.",
    ),
    (
        "2015-10-15",
        "<loser>Afghan forces</loser> <repelled>repulsed</repelled> a <captor>Taliban</captor> "
        "assault on <target><place>Ghazni</place></target> on Tuesday.",
    ),
    (
        "2014-07-29",
        "<loser>Peshmerga fighters</loser> <repelled>beat back</repelled> an <captor>Islamic "
        "State</captor> attack on <target><place>Jalawla</place></target>.",
    ),
    (
        "2022-02-26",
        "<loser>Ukrainian troops</loser> <repelled>repelled</repelled> a "
        "<captor>Russian</captor> attack on <target><place>Mykolaiv</place></target>.",
    ),
    (
        "2016-04-30",
        "<loser>Libyan troops</loser> <repelled>pushed back</repelled> an assault by "
        "<captor>Islamic State</captor> on <target>the town of <place>Abu "
        "Grein</place></target>.",
    ),
    (
        "2016-05-05",
        "<loser>The Taliban</loser> <repelled>repelled</repelled> an attack by "
        "<captor>government troops</captor> on <target><place>Sangin</place></target>.",
    ),
    (
        "2012-06-06",
        "<loser>Soldiers</loser> <repelled>beat back</repelled> an attack by <captor>Taliban "
        "fighters</captor> on <target>the base in <place>Ghazni</place></target>.",
    ),
]


@pytest.mark.parametrize(("published", "marked"), MARKED, ids=lambda value: value[:60])
def test_marked(published: str, marked: str, unmark, understand) -> None:  # type: ignore[no-untyped-def]
    text, marks = unmark(marked)
    events = [mark for mark in marks if mark.is_event]
    mentions, candidates = understand(text, date.fromisoformat(published))
    wanted = {
        slot: {m.text for m in marks if m.name == slot}
        for slot in ("captor", "loser", "target", "place", "source")
    }
    for mark in events:
        own = [m for m in mentions if m.event_type == mark.name and mark.overlaps(m.trigger)]
        starts = {m.trigger.start for m in own}
        read = [c for c in candidates if c.trigger.start in starts]
        assert own, f"no {mark.name}"
        assert {m.modality for m in own} == {mark.modality}
        assert {m.place_name for m in own if m.place_name} == wanted["place"]
        found = {
            "captor": {span.text for c in read for span in c.captors},
            "loser": {span.text for c in read for span in c.losers},
            "target": {m.target.text for m in own if m.target},
            "source": {m.attribution.text for m in own if m.attribution},
        }
        assert {slot: found[slot] for slot in found if wanted[slot]} == {
            slot: wanted[slot] for slot in found if wanted[slot]
        }
    others = [
        m for m in mentions if not any(e.name == m.event_type and e.overlaps(m.trigger) for e in events)
    ]
    assert not others, "an event too many"


@pytest.mark.parametrize(("published", "marked"), MARKED[::7], ids=lambda value: value[:60])
def test_offsets_slice_back_to_their_words(published: str, marked: str, unmark, understand) -> None:  # type: ignore[no-untyped-def]
    text, _ = unmark(marked)
    before = "Nothing new was heard from the harbour.\n\n"
    mentions, _ = understand(before + text, date.fromisoformat(published))
    assert mentions
    for mention in mentions:
        spans = (mention.trigger, mention.quote, mention.captor, mention.loser, mention.target,
                 mention.date_text, mention.attribution)  # fmt: skip
        for span in spans:
            assert span is None or (before + text)[span.start : span.end] == span.text
        assert mention.quote.start <= mention.trigger.start < mention.trigger.end <= mention.quote.end


def test_each_target_of_a_list_is_an_event_of_its_own(understand) -> None:  # type: ignore[no-untyped-def]
    mentions, _ = understand("Rebels captured Goma, Sake and Masisi on Tuesday.", date(2012, 11, 21))
    assert [m.place_name for m in mentions] == ["Goma", "Sake", "Masisi"]
    assert {m.date_value for m in mentions} == {"2012-11-20"}
    assert {m.rule for m in mentions} == {"seize.v/active"} or len({m.rule for m in mentions}) == 1


def test_a_passage_means_the_same_whatever_stands_beside_it_in_the_batch(analyse) -> None:  # type: ignore[no-untyped-def]
    texts = [
        "Rebels captured Goma on Tuesday.",
        "Nothing happened.",
        "Troops left Sake.",
        "Rebels captured Goma on Tuesday.",
    ]
    together = analyse(texts)
    assert together == [analyse([text])[0] for text in texts]
    assert together[0] == together[3]
