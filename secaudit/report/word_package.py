"""A Word file as a package of parts: whether a template holds anything that acts or reaches outside."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from secaudit.language import _

PARTS_LIMIT: Final = 500
PACKAGE_LIMIT_BYTES: Final = 40_000_000
PART_LIMIT_BYTES: Final = 4_000_000  # of a part that is filled in
BODY: Final = "word/document.xml"
TYPES: Final = "[Content_Types].xml"
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# ECMA-376 part 1, 17.16.5: those that show something of the document itself
FIELDS_KNOWN: Final = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "SEQ", "STYLEREF", "TITLE", "SECTION", "TC"}
)
# ends of the types of relationships: other files, objects, code
ACTING: Final = frozenset(
    {"vbaProject", "attachedTemplate", "oleObject", "package", "aFChunk", "control", "subDocument", "frame"}
    | {"keyMapCustomizations", "wordVbaData", "activeXControlBinary", "mailMergeSource", "externalLink"}
)


def parts_of(content: bytes) -> Mapping[str, bytes] | None:
    """Name → part; None where it is no package of the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _read(package)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error):
        return None


def _read(package: zipfile.ZipFile) -> Mapping[str, bytes] | None:
    listed = package.infolist()
    names = {info.filename for info in listed}
    known = all(info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in listed)
    if len(listed) > PARTS_LIMIT or len(names) != len(listed) or not known:
        return None
    found: dict[str, bytes] = {}
    left = PACKAGE_LIMIT_BYTES
    for info in listed:
        with package.open(info) as stream:
            found[info.filename] = stream.read(left + 1)
        left -= len(found[info.filename])
        if left < 0:
            return None
    return found


def package_faults(parts: Mapping[str, bytes]) -> Iterator[str]:
    """What makes it no template that we fill in."""
    if BODY not in parts or TYPES not in parts:
        yield _("it is no Word document (.docx)")
        return
    trees: dict[str, Any] = {}
    for name in sorted(parts):
        if name.endswith((".xml", ".rels")):
            tree = _parsed(parts[name])
            if tree is None:
                yield _("{part} is no plain XML").format(part=name)
                continue
            trees[name] = tree
    yield from _acting(parts, trees.get(TYPES))
    for name, tree in trees.items():
        if len(parts[name]) > PART_LIMIT_BYTES and name.startswith("word/"):
            yield _("{part} is larger than {size} bytes").format(part=name, size=PART_LIMIT_BYTES)
        if name.endswith(".rels"):
            yield from _relations(name, tree)
        else:
            yield from _fields(name, tree)


def _parsed(content: bytes) -> Any:
    """The root; None for what is not well-formed or declares a type of document, which may name files."""
    from lxml import etree  # loaded where it is used

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.doctype else root


def _acting(parts: Mapping[str, bytes], types: Any) -> Iterator[str]:
    declared = [] if types is None else [str(one.get("ContentType", "")) for one in types]
    macros = any("macro" in kind.lower() or "vba" in kind.lower() for kind in declared)
    if macros or any("vba" in PurePosixPath(name).name.lower() for name in parts):
        yield _("it holds macros; save it as “Word document (.docx)”")
    for name in sorted(parts):
        if name.startswith(("word/embeddings/", "word/activeX/", "customUI/")) or name.endswith(".bin"):
            yield _("it holds an embedded object: {part}").format(part=name)


def _relations(name: str, tree: Any) -> Iterator[str]:
    for one in tree:
        kind = str(one.get("Type", "")).rpartition("/")[2]
        if str(one.get("TargetMode", "")).lower() == "external":
            target = str(one.get("Target", ""))[:100]
            yield _("{part} links to something outside: {target}").format(part=name, target=ascii(target))
        elif kind in ACTING:
            yield _("{part} brings in {kind}").format(part=name, kind=kind)


def _fields(name: str, tree: Any) -> Iterator[str]:
    for instruction in _instructions(tree):
        word = (instruction.split() or [""])[0].upper()
        if word not in FIELDS_KNOWN:
            yield _("{part} holds a field that is not allowed: {field}").format(
                part=name, field=ascii(word[:40])
            )


def _instructions(tree: Any) -> Iterator[str]:
    """The code of every field, however many runs it is written in."""
    stack: list[str] = []
    for node in tree.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText", f"{W}delInstrText"):
        if node.tag == f"{W}fldSimple":
            yield str(node.get(f"{W}instr", ""))
        elif node.tag == f"{W}fldChar":
            kind = node.get(f"{W}fldCharType")
            if kind == "begin":
                stack.append("")
            elif kind == "separate" and stack and stack[-1]:
                yield stack[-1]
                stack[-1] = ""
            elif kind == "end" and stack:
                left = stack.pop()
                if left:
                    yield left
        elif stack:
            stack[-1] += node.text or ""
        else:
            yield node.text or ""
    yield from stack
