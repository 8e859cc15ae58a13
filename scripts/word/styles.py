"""Styles, numbering, fonts and settings of the Word templates."""

from scripts.word.markup import style

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SERIF = (
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'
)
SANS = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="黑体" w:cs="Arial"/>'
# name → other names under which a machine may have it, the free ones among them (w:altName)
FONTS = {
    "宋体": ("SimSun,Songti SC,Noto Serif CJK SC,Source Han Serif SC", "roman"),
    "黑体": ("SimHei,Heiti SC,Noto Sans CJK SC,Source Han Sans SC", "swiss"),
    "Times New Roman": ("Liberation Serif", "roman"),
    "Arial": ("Liberation Sans", "swiss"),
}


def size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def spacing(before: int, after: int, line: int = 360) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _levelled(level: int, number: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def styles(language: str, *, letter: bool, brief: bool = False) -> str:
    """``word/styles.xml``; ``letter``: with those of a letter, ``brief``: of a brief."""
    indent = '<w:ind w:firstLine="480" w:firstLineChars="200"/>' if language == "zh" else ""
    tab = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9070"/></w:tabs>'
    keep, centre = "<w:keepNext/>", '<w:jc w:val="center"/>'
    made = (
        style("Normal", "Normal", spacing(0, 0), ""),
        style("Body", "Report text", spacing(0, 60) + indent, ""),
        style("Note", "Report note", spacing(40, 120, 300), '<w:color w:val="44546A"/>' + size(18)),
        style("Heading1", "heading 1", keep + _levelled(0, 1) + spacing(360, 160) + '<w:outlineLvl w:val="0"/>',
              SANS + "<w:b/>" + size(32)),
        style("Heading2", "heading 2", keep + _levelled(1, 1) + spacing(240, 100) + '<w:outlineLvl w:val="1"/>',
              SANS + "<w:b/>" + size(26)),
        style("Appendix", "Report appendix", keep + _levelled(0, 2) + spacing(320, 160)
              + '<w:outlineLvl w:val="0"/>', SANS + "<w:b/>" + size(30)),
        style("Plain", "Report heading without number", keep + spacing(240, 160) + centre,
              SANS + "<w:b/>" + size(32)),
        style("PlainOnPage", "Report heading on a new page", keep + "<w:pageBreakBefore/>" + spacing(240, 160) + centre,
              SANS + "<w:b/>" + size(32)),
        style("CoverCell", "Report cover cell", spacing(40, 40, 280), size(24)),
        style("CoverCellHead", "Report cover cell head", spacing(40, 40, 280), SANS + "<w:b/>" + size(24)),
        style("Marking", "Report marking", spacing(0, 0, 300) + '<w:jc w:val="right"/>', SANS + size(21)),
        style("CoverTitle", "Report title", spacing(2200, 300, 300) + centre, SANS + "<w:b/>" + size(52)),
        style("CoverSubject", "Report subject", spacing(120, 2200, 300) + centre, SANS + size(32)),
        style("Verdict", "Report conclusion", spacing(60, 60, 300) + centre, SANS + "<w:b/>" + size(36)),
        style("Caption", "caption", keep + spacing(160, 80, 280) + centre, SANS + size(20)),
        style("Cell", "Report cell", spacing(20, 20, 250), size(18)),
        style("CellHead", "Report cell head", spacing(30, 30, 250), SANS + "<w:b/>" + size(17)),
        style("Tiny", "Report spacer", '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>', size(2)),
        style("Header", "header", '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="2" w:color="8C96A3"/></w:pBdr>'
              + spacing(0, 0, 260), SANS + size(17)),
        style("Footer", "footer", spacing(0, 0, 260) + centre, SANS + size(17)),
        style("TOC1", "toc 1", tab + spacing(60, 0, 300), ""),
        style("TOC2", "toc 2", tab + spacing(0, 0, 290) + '<w:ind w:left="420"/>', size(22)),
    )  # fmt: skip
    more = (_letter_styles() if letter else "") + (_brief_styles() if brief else "")
    tongue = '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
    defaults = f"<w:docDefaults><w:rPrDefault><w:rPr>{SERIF}{size(24)}{tongue}</w:rPr></w:rPrDefault></w:docDefaults>"
    return f"<w:styles {W}>{defaults}{''.join(made)}{more}</w:styles>"


def _letter_styles() -> str:
    keep, centre = "<w:keepNext/>", '<w:jc w:val="center"/>'
    made = (
        style("LetterTitle", "Letter title", spacing(240, 120, 300) + centre, SANS + "<w:b/>" + size(44)),
        style("LetterNumber", "Letter number", spacing(0, 360, 300) + centre, size(24)),
        style("Addressee", "Letter addressee", keep + spacing(120, 60), SANS + size(24)),
        style("Point", "Letter point", keep + spacing(160, 60), SANS + "<w:b/>" + size(24)),
        style("Signed", "Letter signed", keep + spacing(120, 0) + '<w:ind w:right="480"/><w:jc w:val="right"/>', ""),
    )  # fmt: skip
    return "".join(made)


def _brief_styles() -> str:
    keep, centre = "<w:keepNext/>", '<w:jc w:val="center"/>'
    made = (
        style("BriefTitle", "Brief title", spacing(0, 60, 300) + centre, SANS + "<w:b/>" + size(36)),
        style("BriefNumber", "Brief number", spacing(0, 80, 280) + centre, size(20)),
        style("BriefText", "Brief text", spacing(0, 20, 290), size(21)),
        style("BriefChart", "Brief chart", keep + spacing(60, 0) + centre, SANS + size(18)),
    )  # fmt: skip
    return "".join(made)


def numbering(appendix: str) -> str:
    """``word/numbering.xml``: chapters 1, 1.1, and appendices A, B …"""
    levels = (
        ("decimal", "%1", "Heading1"),
        ("decimal", "%1.%2", "Heading2"),
    )
    chapters = "".join(_level(place, *level) for place, level in enumerate(levels))
    letters = _level(0, "upperLetter", f"{appendix}%1", "Appendix")
    lists = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{content}</w:abstractNum>'
        for number, content in enumerate((chapters, letters))
    )
    used = "".join(
        f'<w:num w:numId="{number + 1}"><w:abstractNumId w:val="{number}"/></w:num>' for number in range(2)
    )
    return f"<w:numbering {W}>{lists}{used}</w:numbering>"


def _level(place: int, form: str, shown: str, name: str) -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{name}"/>'
        f'<w:suff w:val="space"/><w:lvlText w:val="{shown}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
    )


def fonts() -> str:
    """``word/fontTable.xml``."""
    made = (
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:family w:val="{family}"/></w:font>'
        for name, (others, family) in FONTS.items()
    )
    return f"<w:fonts {W}>{''.join(made)}</w:fonts>"


def settings() -> str:
    """``word/settings.xml``: Word reckons contents and page numbers when it opens the file."""
    return (
        f'<w:settings {W}><w:characterSpacingControl w:val="compressPunctuation"/><w:updateFields w:val="true"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="15"/></w:compat></w:settings>'
    )
