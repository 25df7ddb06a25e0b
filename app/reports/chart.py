"""A bar chart as a native part of a Word file: Word and LibreOffice draw it, and its numbers can be edited there.

Bars are grey with their values beside them, so that the paper reads the same in black and white.
"""

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm
from openpyxl import Workbook

_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
#: The paragraph of a template where the chart goes.
MARK = "[BIỂU ĐỒ]"


def put_in(content: bytes, title: str, bars: Sequence[tuple[str, int]]) -> bytes:
    """The Word file with the chart in place of the paragraph that says MARK; unchanged where there is none."""
    document = Document(io.BytesIO(content))
    place = next((paragraph for paragraph in document.paragraphs if paragraph.text.strip() == MARK), None)
    if place is None:
        return content
    place.clear()
    if bars:
        key = _attach(document.part, title, bars)
        place.add_run()._r.append(_drawing(key, title, height=14 + 7 * len(bars)))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _attach(part: Any, title: str, bars: Sequence[tuple[str, int]]) -> str:
    package = part.package
    data = Part(PackURI("/word/embeddings/so-lieu.xlsx"), _XLSX, _workbook(title, bars), package)
    chart = Part(PackURI("/word/charts/chart1.xml"), _CHART, b"", package)
    data_key = chart.relate_to(data, RELATIONSHIP_TYPE.PACKAGE)
    chart._blob = _chart_xml(title, bars, data_key).encode()
    key: str = part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    return key


def _workbook(title: str, bars: Sequence[tuple[str, int]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 – a new workbook has a sheet; for the type checker
    sheet.title = "Data"
    sheet.append(["", title])
    for label, count in bars:
        sheet.append([label, count])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _points(values: Sequence[object]) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(str(value))}</c:v></c:pt>' for n, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{points}'


def _chart_xml(title: str, bars: Sequence[tuple[str, int]], data_key: str) -> str:
    last = len(bars) + 1
    text = '<a:defRPr sz="{size}"{more}><a:solidFill><a:srgbClr val="000000"/></a:solidFill><a:latin typeface="Times New Roman"/></a:defRPr>'
    bold = ' b="1"'
    small = f"<c:txPr><a:bodyPr/><a:p><a:pPr>{text.format(size=1000, more='')}</a:pPr><a:endParaRPr/></a:p></c:txPr>"
    tick = small.replace('sz="1000"', 'sz="900"')
    line = '<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill></a:ln></c:spPr>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_SPACES}><c:roundedCorners val="0"/>'
        f"<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr>{text.format(size=1200, more=bold)}</a:pPr>"
        f'<a:r><a:rPr lang="vi-VN" sz="1200" b="1"><a:latin typeface="Times New Roman"/></a:rPr><a:t>{escape(title)}</a:t></a:r></a:p>'
        '</c:rich></c:tx><c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        '<c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:tx><c:strRef><c:f>Data!$B$1</c:f><c:strCache>{_points([title])}</c:strCache></c:strRef></c:tx>"
        '<c:spPr><a:solidFill><a:srgbClr val="8C8C8C"/></a:solidFill>'
        '<a:ln w="9525"><a:solidFill><a:srgbClr val="262626"/></a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/>'
        f'<c:dLbls>{small}<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>Data!$A$2:$A${last}</c:f><c:strCache>{_points([label for label, _n in bars])}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Data!$B$2:$B${last}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f"{_points([count for _label, count in bars])}</c:numCache></c:numRef></c:val></c:ser>"
        '<c:gapWidth val="50"/><c:axId val="111"/><c:axId val="222"/></c:barChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{line}{tick}'
        '<c:crossAx val="222"/><c:crosses val="autoZero"/><c:tickLblSkip val="1"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/>'
        '<c:axPos val="t"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111"/><c:crosses val="autoZero"/></c:valAx>'
        '</c:plotArea><c:plotVisOnly val="1"/></c:chart>'
        f'<c:externalData r:id="{data_key}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _drawing(key: str, title: str, height: int) -> Any:
    width, tall = int(Mm(160)), int(Mm(min(height, 115)))
    return parse_xml(
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{tall}"/>'
        f'<wp:docPr id="901" name="{escape(title)}" descr="{escape(title)}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'r:id="{key}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
