"""Made-up tables written in several encodings: each text in every encoding that can hold it, and none that cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Python's codec by which the file is written, and the name that must be decided.
TWIN_ENCODINGS = {
    "cp932": "cp932",
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
# Encodings that are never decided by themselves: a file in one must not be read as something else.
FOREIGN_ENCODINGS = ("cp1252", "latin-1", "cp1250", "cp1251", "koi8_r", "gb2312", "gb18030", "euc_kr", "cp949", "big5")

ONE_CELL = (
    *(
        "県",
        "名称",
        "兵庫県",
        "神戸",
        "クラスター",
        "ものづくり",
        "山",
        "北海道",
        "バイオ",
        "東京都千代田区",
        "ライフサイエンス",
    ),
    *(
        "㈱見本",
        "①",
        "髙橋",
        "見本㈱",
        "名称①",
        "ﾄﾖﾀ",
        "ﾊﾞｲｵｸﾗｽﾀｰ",
        "ﾓﾉﾂﾞｸﾘ",
        "ﾐﾎﾝｻﾝｷﾞｮｳ",
        "ﾊｲﾃｸ",
        "〜",
        "−",
        "－",
        "ー",
        "々",
        "ヶ",
    ),
    *(
        "é",
        "ñ",
        "Île-de-France",
        "Hyōgo",
        "Ōsaka",
        "Zürich",
        "Łódź",
        "Café",
        "São Paulo",
        "Besançon",
        "Ängelholm",
        "naïve",
    ),
    *("Mihon", "Sample cluster", "1,234", "Mihon’s", "“Mihon”", "5 €", "20 °C", "Mihon™", "½", "x²", "A–B"),
)
LINES = (
    "名称,所在地\n見本機構,兵庫県\n",
    "name,prefecture\nMihon,兵庫\n",
    "name,region\nSample Cluster,Île-de-France\n",
    "name,region\nMihon Cluster,Hyōgo\n",
    "No.,name\n1,ﾄﾖﾀ\n",
    "No.,name\n1,ﾐﾎﾝﾊﾞｲｵ ｸﾗｽﾀｰ\n2,ﾐﾎﾝ\n",
    "番号,社名\n1,㈱①髙\n",
    "名称\n〜見本〜\n",
    "name,note\nJR西日本見本,IT産業\nMihon株式会社,e-ラーニング\n",
    "name,city\nPole Mihon,Besançon\nMihon Verein,Zürich\n",
    "name,city\nKlaster Mihon,Łódź\n",
    "id,note\n1,the cluster’s members\n2,“Mihon”\n",
    "都道府県,数\n北海道,1\n青森県,2\n",
    "name,prefecture\nMihon,\nSample,県\n",
    "code,name\nA,ﾊｲﾃｸ\nB,見本\n",
)
FOREIGN = (
    *("Café", "Évry", "Île-de-France", "élan", "Besançon", "Zürich cluster", "naïve", "cluster’s"),
    *("“Mihon”", "Mihon – Sample"),
    "name,city\nPôle Mihon,Évry\nMihon Verein,Zürich\n",
    "name,city\nÖrebro kluster,Ängelholm\nÅlborg,Århus\n",
    "name;city\nKlaster;Łódź\nŚląsk;Kraków\n",
    *("кластер", "Кластер Михон", "КЛАСТЕР", "название,город\nМихон,Москва\n"),
    *("产业集群", "产业", "名称,城市\n样本集群,上海\n", "上海市", "中国北京", "经济技术开发区"),
    *("클러스터", "이름,도시\n미혼 클러스터,서울\n", "서울", "대한민국", "산업 단지"),
    *("德島", "計"),
    *("產業", "名稱,城市\n樣本,臺北市\n", "臺灣", "產業群聚"),
)  # fmt: skip
WORDS = (
    *("見本", "クラスター", "ものづくり", "産業", "Sample ", "Mihon ", "ﾐﾎﾝ", "ﾊﾞｲｵ", "㈱", "①", "髙", "Hyōgo ", "Île "),
    *("推進", "機構", "12", "県"),
)


@dataclass(frozen=True)
class Twin:
    """One text in one encoding: the file's bytes, the name that is right, and the text."""

    data: bytes
    right: str
    text: str


def twins(n_mixed: int = 60) -> Iterator[Twin]:
    """Every fixed text and some of words put together, in every encoding that can hold it."""
    mixed = ["".join(WORDS[(7 * n + 5 * k * k) % len(WORDS)] for k in range(1 + n % 4)) for n in range(n_mixed)]
    tables = [f"{mixed[place]},{mixed[place + 1]}\n{mixed[place + 2]},5\n" for place in range(0, n_mixed - 2, 3)]
    for text in (*ONE_CELL, *LINES, *tables):
        for codec, right in TWIN_ENCODINGS.items():
            try:
                data = text.encode(codec)
            except UnicodeEncodeError:
                continue
            # CP932 has one wave dash for the two of Unicode, so its file holds what it gives back.
            yield Twin(MARKS.get(codec, b"") + data, right, data.decode(codec))


def foreign_twins() -> Iterator[Twin]:
    """Texts in encodings that must be declared."""
    for text in FOREIGN:
        for codec in FOREIGN_ENCODINGS:
            try:
                data = text.encode(codec)
            except UnicodeEncodeError:
                continue
            if not data.isascii():
                yield Twin(data, codec, text)
