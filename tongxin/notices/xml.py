"""XML of strangers, without what makes XML dangerous. No Django."""

from lxml import etree

Element = etree._Element
MOST_ELEMENTS = 20_000
DEEPEST = 60


def parse_xml(raw: bytes, *, most_bytes: int, wrong: type[ValueError]) -> Element:
    """The root of a document without document type, entities, or instructions.

    Raises:
        ValueError: of the class ``wrong``, with the reason.
    """
    if len(raw) > most_bytes:
        raise wrong(f"larger than {most_bytes >> 10} KB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise wrong(str(error)[:120]) from None
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise wrong("it has a document type")
    for number, one in enumerate(root.iter(), start=1):
        if number > MOST_ELEMENTS:
            raise wrong(f"more than {MOST_ELEMENTS} elements")
        if one.tag is etree.Entity or one.tag is etree.PI:
            raise wrong("it has entities or instructions")
    if any(one.tag is etree.PI for one in root.itersiblings(preceding=True)):
        raise wrong("it has instructions")
    return root


def to_bytes(root: Element) -> bytes:
    """The document as UTF-8 with its declaration."""
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
