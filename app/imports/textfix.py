"""Old Vietnamese encodings → Unicode: TCVN3 (.VnTime) and VNI-Windows, recognised per sheet by font and by text.

A sheet is converted as a whole. A cell that already holds letters only Unicode
has is left alone. Decoding comes before any cleaning: TCVN3's ư is the soft
hyphen, which cleaning drops.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

UNICODE = "unicode"
TCVN3 = "tcvn3"
VNI = "vni"

_REFERENCE = Path(__file__).parent.parent / "reference" / "tcvn3_letters.csv"

#: Letters no old encoding produces: their presence proves Unicode.
_UNICODE_ONLY = re.compile("[\u1ea0-\u1ef9ăĂđĐơƠưƯĩĨũŨ]")
#: Characters that stand for letters in TCVN3 and never occur inside a Vietnamese word in Unicode.
_TCVN3_ONLY = re.compile(
    "[\u00a1-\u00ac\u00ad\u00ae\u00b5-\u00b9\u00bb-\u00be\u00c6\u00c7\u00cb\u00ce\u00cf\u00d0\u00d1\u00d6-\u00d8\u00dc\u00de\u00df\u00e4-\u00e7\u00eb\u00ee\u00ef\u00f0\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe]"
)

# ── VNI-Windows: a base letter followed by a mark ──────────────────────────

_VNI_PLAIN = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HAT = {
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_VNI_BREVE = {
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_SINGLE = {"ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư"}


@cache
def _vni_table() -> dict[str, str]:
    """Every VNI sequence (one or two characters) and the letter it stands for."""
    pairs: dict[str, str] = {}
    for base in "aeouy":
        pairs |= {base + mark: base + tone for mark, tone in _VNI_PLAIN.items()}
    for base in "aeo":
        pairs |= {base + mark: base + tone for mark, tone in _VNI_HAT.items()}
    pairs |= {"a" + mark: "a" + tone for mark, tone in _VNI_BREVE.items()}
    for vni, letter in (("ô", "ơ"), ("ö", "ư")):
        pairs |= {vni + mark: letter + tone for mark, tone in _VNI_PLAIN.items()}
    pairs |= _VNI_SINGLE
    table = {}
    for sequence, letter in pairs.items():
        composed = unicodedata.normalize("NFC", letter)
        for spelt in {sequence, sequence.upper(), sequence[0].upper() + sequence[1:]}:
            table[spelt] = composed if spelt[0].islower() else composed.upper()
    return table


@cache
def _vni_pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(key) for key in sorted(_vni_table(), key=len, reverse=True)))


def from_vni(value: str) -> str:
    """VNI-Windows text in Unicode."""
    table = _vni_table()
    return unicodedata.normalize("NFC", _vni_pattern().sub(lambda found: table[found.group()], value))


# ── TCVN3: one character each ──────────────────────────────────────────────


@cache
def _tcvn3_table() -> dict[int, str]:
    with _REFERENCE.open(encoding="utf-8-sig", newline="") as file:
        return {int(line["latin1_code_point"][2:], 16): line["letter"] for line in csv.DictReader(file)}


def from_tcvn3(value: str, *, capitals: bool = False) -> str:
    """TCVN3 text in Unicode. `capitals` for fonts that draw small letters as capitals (.VnTimeH)."""
    decoded = value.translate(_tcvn3_table())
    return decoded.upper() if capitals else decoded


def is_capital_font(font: str | None) -> bool:
    """Whether a TCVN3 font draws capitals only: .VnTimeH, .VnArialH …"""
    return bool(font) and str(font).startswith(".Vn") and str(font).endswith("H")


def font_encoding(font: str | None) -> str | None:
    """What a font's name says of the text in it; None where it says nothing."""
    if not font:
        return None
    if font.lower().startswith(".vn"):
        return TCVN3
    return VNI if font.upper().startswith(("VNI-", "VNI ")) else None


# ── Does it read as Vietnamese? ────────────────────────────────────────────

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x)?"
_VOWELS = (
    "iêu|yêu|oai|oao|oay|oeo|uôi|uây|ươi|ươu|uyê|uya|uyu|uêu|iê|yê|ia|oa|oă|oe|oo|ua|uâ|uê|uô|uơ|uy|ưa|ươ|ưi|ưu"
    "|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{_VOWELS})(?:ch|ng|nh|c|m|n|p|t)?")
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")


@lru_cache(maxsize=20000)
def is_syllable(word: str) -> bool:
    """Whether a word is spelt like a Vietnamese syllable."""
    toneless = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)))


def _marked_words(text: str) -> list[str]:
    """Words with a letter or sign beyond ASCII: the ones the encodings disagree about."""
    return [
        word
        for word in re.split(r"[\s\d.,;:()/\\\-–+'\"?!%&]+", text)
        if word and len(word) < 20 and not word.isascii()
    ]


def detect(texts: Iterable[tuple[str, str | None]]) -> str:
    """The encoding of a sheet, from its (text, font name) pairs: `unicode`, `tcvn3` or `vni`."""
    score = {UNICODE: 0, TCVN3: 0, VNI: 0}
    fonts = {TCVN3: 0, VNI: 0}
    for text, font in texts:
        hint = font_encoding(font)
        if hint:
            fonts[hint] += 1
        for word in _marked_words(text):
            if _UNICODE_ONLY.search(unicodedata.normalize("NFC", word)):
                score[UNICODE] += 2
                continue
            score[UNICODE] += _reads(word)
            score[TCVN3] += _reads(from_tcvn3(word))
            score[VNI] += _reads(from_vni(word))
    old = TCVN3 if score[TCVN3] + fonts[TCVN3] >= score[VNI] + fonts[VNI] else VNI
    if score[old] > score[UNICODE] or (fonts[old] and score[old] == score[UNICODE] > 0):
        return old
    return UNICODE


def _reads(word: str) -> int:
    return 1 if is_syllable(word) else -1


def decode(value: str, encoding: str, font: str | None = None) -> str:
    """One cell of a sheet of the given encoding, in composed Unicode. Cells already in Unicode stay."""
    composed = unicodedata.normalize("NFC", value)
    if encoding == UNICODE or value.isascii() or _UNICODE_ONLY.search(composed):
        capitals = encoding == TCVN3 and is_capital_font(font)
        return composed.upper() if capitals else composed
    if encoding == VNI:
        return from_vni(composed)
    return from_tcvn3(composed, capitals=is_capital_font(font))


#: Two letters that only VNI puts side by side: a vowel and its mark.
_VNI_PAIR = re.compile("[aeouyAEOUY][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]")


def decode_label(value: str, encoding: str) -> str:
    """The name of a sheet: drawn in the system's font, so it is in an old encoding only if it shows it."""
    shows = {TCVN3: _TCVN3_ONLY, VNI: _VNI_PAIR}.get(encoding)
    return decode(value, encoding) if shows is not None and shows.search(value) else value


def is_lossy(value: str, decoded: str) -> bool:
    """Whether a converted text holds words that cannot be Vietnamese: something was lost before it came here."""
    if value == decoded:
        return False
    return any(not is_syllable(word) for word in _marked_words(decoded))


_MOJIBAKE = re.compile("á[º»]|Ä[‘\x91]|Æ°|Ã[ \u00a0-\u00bf]|Ä\x83")


def undo_mojibake(text: str) -> str:
    """UTF-8 that was once read as Western text ("Nguyá»…n") put right; anything else unchanged."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text
