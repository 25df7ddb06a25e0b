"""Uploaded pictures and PDFs: told apart by their content, never by their name, and cleaned before anything is kept.

A picture is made anew from its pixels: smaller, upright, without place, camera or anything else that hides in a file.
A PDF is kept as it is but for place data, refused with scripts, and never shown by us (blueprints/attachments).
"""

import hashlib
import io
import re
import threading
from dataclasses import dataclass

from flask_babel import gettext as _
from PIL import Image, ImageOps

#: Bytes taken in, and of a PDF.
MOST_BYTES, MOST_PDF_BYTES = 15 * 1024 * 1024, 6 * 1024 * 1024
#: Pixels a picture may have when it comes, looked at before any is decoded; and its longest side when it is kept.
MOST_PIXELS, LONGEST = 50_000_000, 2000
#: A JPEG made to keep a reader busy paints the same pixels over and over.
MOST_SCANS = 60
QUALITY = 82

#: Decoding takes memory: no more than this many at once, whoever sends them.
_decoding = threading.Semaphore(2)

_JPEG, _PNG, _PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
#: What makes a PDF do something by itself; a name may be spelt with #xx for any letter.
_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z])")
_SPELT = re.compile(rb"#([0-9A-Fa-f]{2})")
_XMP = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta>", re.DOTALL)


class Refused(Exception):
    """A file that is not taken; says why in a sentence for the person who sent it."""


@dataclass(frozen=True)
class Cleaned:
    """A file as it may be kept."""

    content: bytes
    content_type: str
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        """The hash of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def clean(content: bytes) -> Cleaned:
    """What may be kept of an uploaded file. Raises Refused."""
    if not content:
        raise Refused(_("Tệp này trống"))
    if len(content) > MOST_BYTES:
        raise Refused(_("Tệp lớn quá %(most)d MB", most=MOST_BYTES // 1024**2))
    if content.startswith((_JPEG, _PNG)):
        return _picture(content)
    if content.startswith(_PDF):
        return _pdf(content)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise Refused(
            _("Chưa đọc được ảnh HEIC: trong máy ảnh của điện thoại, chọn định dạng JPEG (“Tương thích nhất”)")
        )
    raise Refused(_("Chỉ nhận ảnh JPEG, PNG hoặc tệp PDF"))


def _picture(content: bytes) -> Cleaned:
    if content.startswith(_JPEG) and content.count(b"\xff\xda") > MOST_SCANS:
        raise Refused(_("Không đọc được ảnh này: tệp hỏng hoặc không phải ảnh"))
    try:
        with _decoding, Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            image.draft("RGB", (LONGEST, LONGEST))
            return _made_anew(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_("Ảnh lớn quá %(most)d triệu điểm ảnh", most=MOST_PIXELS // 1_000_000)) from None
    # Pillow says in many ways that a file is broken; none of them is of any use to who sent it.
    except Exception:
        raise Refused(_("Không đọc được ảnh này: tệp hỏng hoặc không phải ảnh")) from None


def _made_anew(image: Image.Image) -> Cleaned:
    """A new picture of the same pixels, upright, on white paper."""
    image.thumbnail((LONGEST, LONGEST))
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    made = io.BytesIO()
    paper.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Cleaned(made.getvalue(), "image/jpeg", paper.width, paper.height)


def _pdf(content: bytes) -> Cleaned:
    if len(content) > MOST_PDF_BYTES:
        raise Refused(_("Tệp PDF lớn quá %(most)d MB: quét với độ nét thấp hơn", most=MOST_PDF_BYTES // 1024**2))
    if b"%%EOF" not in content[-2048:]:
        raise Refused(_("Không đọc được tệp PDF này: tệp hỏng hoặc bị cắt"))
    if _ACTIVE.search(_SPELT.sub(lambda found: bytes([int(found[1], 16)]), content)):
        raise Refused(_("Tệp PDF này chứa mã chạy được hoặc tệp khác nên không nhận: in lại thành PDF hoặc chụp ảnh"))
    return Cleaned(_without_places(content), "application/pdf")


def _without_places(content: bytes) -> bytes:
    """A PDF whose pictures no longer say where they were taken; every byte keeps its place, on which a PDF depends."""
    kept = bytearray(content)
    start = kept.find(b"Exif\0\0")
    while start != -1:
        if kept[start - 4 : start - 2] == b"\xff\xe1":
            end = min(start - 2 + int.from_bytes(kept[start - 2 : start], "big"), len(kept))
            kept[start:end] = bytes(end - start)
        start = kept.find(b"Exif\0\0", start + 1)
    return _XMP.sub(lambda found: b" " * len(found[0]), bytes(kept))
