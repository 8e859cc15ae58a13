"""A chart of columns in a Word document: DrawingML (ECMA-376 part 1, 21.2), which Word, WPS and LibreOffice draw with
the fonts that they have."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup, escape

from secaudit.report.charts import SHADES

CHART: Final = "word/charts/chart1.xml"
_ID: Final = "rIdChart1"
_DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)
_EMU: Final = 36_000  # of a millimetre
_TYPES: Final = "[Content_Types].xml"
_RELATIONS: Final = "word/_rels/document.xml.rels"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"


def chart_place(title: str, width_mm: int, height_mm: int) -> Markup:
    """Where the chart is drawn: put in for a field, it ends the run of text that it stands in, and begins another."""
    size = f'cx="{width_mm * _EMU}" cy="{height_mm * _EMU}"'
    return Markup(  # noqa: S704 - of our own, the title escaped
        '</w:t></w:r><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0" '
        f'xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent {size}/>'
        f'<wp:docPr id="9001" name="chart" descr="{escape(title)}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/chart">'
        f'<c:chart xmlns:c="{_DRAWING}/chart" xmlns:r="{_OFFICE}" r:id="{_ID}"/></a:graphicData></a:graphic>'
        '</wp:inline></w:drawing></w:r><w:r><w:t xml:space="preserve">'
    )


def stacked_columns(
    labels: Sequence[str], series: Mapping[str, tuple[str, Sequence[int | None]]], font: str
) -> bytes:
    """The part of the package that says what is drawn. ``series``: what colours it → its name and its values."""
    from xlsxwriter import Workbook  # loaded where it is used

    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("data")
        sheet.write_column(1, 0, labels)
        chart = book.add_chart({"type": "column", "subtype": "stacked"})
        for place, (shade, (name, values)) in enumerate(series.items(), 1):
            sheet.write(0, place, name)
            for row, value in enumerate(values, 1):
                if value is not None:
                    sheet.write_number(row, place, value)
            chart.add_series(
                {
                    "name": ["data", 0, place],
                    "categories": ["data", 1, 0, len(labels), 0],
                    "values": ["data", 1, place, len(labels), place],
                    "fill": {"color": SHADES[shade]},
                    "gap": 40,
                }
            )
        small = {"name": font, "size": 8}
        chart.set_x_axis({"num_font": small})
        chart.set_y_axis(
            {"num_font": small, "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D0D5DB"}}}
        )
        chart.set_legend({"position": "bottom", "font": small})
        chart.set_chartarea({"border": {"none": True}})
        sheet.insert_chart("H1", chart)
    with zipfile.ZipFile(made) as package:
        return package.read("xl/charts/chart1.xml")


def with_chart(document: bytes, chart: bytes) -> bytes:
    """The document with what its chart draws; as it was where its template places none."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as before:
        if f'r:id="{_ID}"'.encode() not in before.read("word/document.xml"):
            return document
        members = {name: before.read(name) for name in before.namelist()}
    members[_TYPES] = _before(
        members[_TYPES],
        "</Types>",
        f'<Override PartName="/{CHART}" '
        'ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>',
    )
    members[_RELATIONS] = _before(
        members[_RELATIONS],
        "</Relationships>",
        f'<Relationship Id="{_ID}" Type="{_OFFICE}/chart" Target="charts/chart1.xml"/>',
    )
    members[CHART] = chart
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _DAY_ONE)
            info.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(info, content)
    return packed.getvalue()


def _before(content: bytes, end: str, added: str) -> bytes:
    head, found, tail = content.rpartition(end.encode())
    assert found, "every package has it"
    return head + added.encode() + found + tail
