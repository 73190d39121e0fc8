"""Belongs here: one spelling for the same letters: width, case, diacritics, old kanji, other scripts in Latin letters.

Does not belong here: what a word means (`vocabulary`), how Japanese is read (`romanisation`), parts of a name (`names`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

# Old and variant forms beside today's form. Compatibility forms (full width, 福 of another code) are NFKC's work.
VARIANT_KANJI = str.maketrans(
    dict(
        part.split("/")
        for part in (
            "髙/高 﨑/崎 嵜/崎 碕/崎 澤/沢 國/国 學/学 會/会 濱/浜 濵/浜 邊/辺 邉/辺 齋/斎 齊/斉 廣/広 櫻/桜 嶋/島 嶌/島 瀧/滝 龍/竜 "
            "藝/芸 縣/県 驛/駅 鐵/鉄 總/総 應/応 醫/医 藥/薬 區/区 當/当 實/実 寶/宝 惠/恵 壽/寿 榮/栄 營/営 團/団 圓/円 圖/図 "
            "號/号 眞/真 豐/豊 與/与 萬/万 舊/旧 獨/独 經/経 濟/済 發/発 戰/戦 體/体 點/点 變/変 樂/楽 氣/気 櫪/櫪 臺/台 檜/桧 "
            "檢/検 權/権 觀/観 勸/勧 歐/欧 關/関 聯/連 續/続 讀/読 譯/訳 釋/釈 擇/択 證/証 對/対 擴/拡 廳/庁 聽/聴 參/参 佛/仏 "
            "轉/転 傳/伝 輕/軽 單/単 彈/弾 禪/禅 彌/弥 稻/稲 穗/穂 繩/縄 蠶/蚕 鹽/塩 鑛/鉱 礦/鉱 鎭/鎮 顯/顕 靜/静 淨/浄 爭/争 "
            "勞/労 勵/励 屬/属 囑/嘱 專/専 將/将 獎/奨 條/条 乘/乗 剩/剰 狀/状 莊/荘 裝/装 莖/茎 徑/径 繼/継 斷/断 齒/歯 齡/齢 "
            "瑠/瑠 禮/礼 勝/勝 祕/秘 險/険 劍/剣 儉/倹 驗/験 增/増 藏/蔵 臟/臓 雜/雑 數/数 樞/枢 隨/随 髓/髄 攝/摂 纖/繊 "
            "遲/遅 晝/昼 鑄/鋳 遞/逓 燈/灯 黨/党 盜/盗 德/徳 貳/弐 腦/脳 惱/悩 廢/廃 賣/売 麥/麦 拔/抜 蠻/蛮 瓶/瓶 竝/並 辨/弁 "
            "瓣/弁 辯/弁 舖/舗 襃/褒 豫/予 餘/余 譽/誉 搖/揺 謠/謡 樣/様 來/来 賴/頼 亂/乱 欄/欄 覽/覧 兩/両 獵/猟 綠/緑 壘/塁 "
            "靈/霊 曆/暦 歷/歴 戀/恋 爐/炉 樓/楼 灣/湾 乾/乾 亞/亜 惡/悪 壓/圧 圍/囲 爲/為 壹/壱 飮/飲 隱/隠 衞/衛 驛/駅 緣/縁 "
            "艷/艶 奧/奥 橫/横 毆/殴 黃/黄 溫/温 穩/穏 假/仮 價/価 畫/画 懷/懐 壞/壊 殼/殻 覺/覚 嶽/岳 卷/巻 陷/陥 歸/帰 "
            "龜/亀 僞/偽 戲/戯 犧/犠 擧/挙 據/拠 虛/虚 峽/峡 挾/挟 狹/狭 曉/暁 勳/勲 薰/薫 溪/渓 螢/蛍 缺/欠 縣/県 硏/研 "
            "𠮷/吉 塚/塚 﨟/﨟 曾/曽 祿/禄 德/徳 ヶ/ケ ヵ/カ 桒/桑 埜/野 淵/淵 渕/淵"
        ).split()
    )
)

CJK = "぀-ヿ㐀-䶿一-鿿豈-﫿ｦ-ﾟ々〆〇𠀀-𯿿"
JAPANESE_OR_CHINESE = re.compile(f"[{CJK}]")
KANA = re.compile("[぀-ヿｦ-ﾟ]")
HANGUL = re.compile("[가-힯ᄀ-ᇿ]")
RUN = re.compile(f"(?P<cjk>[{CJK}]+)|(?P<hangul>[가-힯ᄀ-ᇿ]+)|(?P<word>[^\\W_]+)")
_JOINING = re.compile("['’`´ʼʹ″ʺ·•.](?=\\w)")  # l'eau -> l eau is the word splitter's work; S.p.A. -> SpA
# Letters that anyascii writes in a way no roster does.
_LETTER = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "å": "a", "ø": "o", "æ": "ae", "ß": "ss", "щ": "shch"})
_LONG_VOWEL = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("ou", "o"), ("oo", "o"), ("uu", "u"), ("aa", "a"))
_DOUBLE = re.compile(r"([a-z])\1+")
_SYLLABLES = re.compile(r"(?:(?:[kgsztdnhbpmrfj]|[kgnhbpmr]y|sh|ch|ts|sy|ty|zy|jy|cch|[wy])?[aiueo]|n(?![aiueoy]))+")
_KUNREI = (("sy", "sh"), ("ty", "ch"), ("zy", "j"), ("jy", "j"), ("si", "shi"), ("ti", "chi"), ("zi", "ji"), ("hu", "fu"))


def fold(text: str) -> str:
    """Width, case and old kanji folded, white space collapsed; letters keep their script. Folding twice is once."""
    before = ""
    while before != text:  # a folded letter may decompose into one that folds again
        before = text
        text = unicodedata.normalize("NFKC", text).casefold().translate(VARIANT_KANJI)
    return " ".join(text.split())


@lru_cache(maxsize=500_000)
def to_latin(word: str) -> str:
    """A word of any script in the letters a to z and digits, lower case."""
    if word.isascii():
        return word.lower()
    from anyascii import anyascii

    folded = fold(word).translate(_LETTER)
    return "".join(sign for sign in anyascii(folded).lower() if sign.isalnum() and sign.isascii())


@lru_cache(maxsize=500_000)
def spelling_key(word: str) -> str:
    """The Latin word with what spellings differ in taken out: umlaut as two letters, long vowels, doubled letters."""
    latin = to_latin(word)
    if latin.isdigit() or len(latin) <= 3:
        return latin
    if _SYLLABLES.fullmatch(latin):
        for kunrei, hepburn in _KUNREI:
            latin = latin.replace(kunrei, hepburn)
        latin = re.sub("(?<!s)tu", "tsu", latin).replace("mb", "nb").replace("mp", "np")
    before = ""
    while before != latin:
        before = latin
        for two, one in _LONG_VOWEL:
            latin = latin.replace(two, one)
        latin = _DOUBLE.sub(r"\1", latin)
    return latin


_ENDINGS = sorted(
    (
        "a e i o u y s n m as os us is es um on en em er om ov ou ul ii iy yi ai ei oi ja je jo ju ia ie io iu ya ye yu iya "
        "ich ych ego emu ogo omu oho ski sky skii skiy skaya ska ske sko skog skoho skeho skie skiej skiego skoy skoi skogo "
        "skim skeg skega skej skih cki cka cke ckie ckiego ckej nii nie nia ului ilor elor lor aus ais iai iu io eio ios "
        "jas ijas iska iskais iskas iskes na le ra in ien ne nek nak ban ben ensis ense ens eios eio eiou iko ikou iki ikis "
        "ian ean an ais aise oise ois esa ese ano ana ino ina er ern ers ische ischen ischer isches"
    ).split(),
    key=lambda ending: (-len(ending), ending),
)


@cache
def _endings_by_last() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for ending in dict.fromkeys(_ENDINGS):
        found.setdefault(ending[-1], []).append(ending)
    return {last: tuple(endings) for last, endings in found.items()}


@lru_cache(maxsize=500_000)
def stem(key: str) -> str:
    """A key without the ending of case, gender or origin: warszawski, Warszawa -> warszaw. Light, and often wrong alone."""
    if len(key) < 5 or key.isdigit():
        return key
    for ending in _endings_by_last().get(key[-1], ()):
        if len(key) - len(ending) >= 4 and key.endswith(ending):
            return key[: -len(ending)]
    return key


_SOUND = (
    ("tch", "c"), ("tsch", "c"), ("sch", "s"), ("cz", "c"), ("ch", "c"), ("sh", "s"), ("sz", "s"), ("zh", "z"), ("ph", "f"),
    ("th", "t"), ("kh", "h"), ("gh", "g"), ("qu", "k"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("w", "v"), ("z", "s"),
    ("y", "i"), ("j", "i"), ("c", "k"), ("h", ""), ("b", "v"), ("p", "v"), ("f", "v"), ("g", "k"), ("d", "t"),
)  # fmt: skip


@lru_cache(maxsize=500_000)
def sound_key(key: str) -> str:
    """How the key sounds, roughly, whatever language wrote it: consonants in classes, the first vowel kept."""
    sound = stem(key)
    for written, heard in _SOUND:
        sound = sound.replace(written, heard)
    head, tail = sound[:1], sound[1:]
    return head + _DOUBLE.sub(r"\1", re.sub("[aeiou]", "", tail))
