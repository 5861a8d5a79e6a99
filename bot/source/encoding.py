"""Undo "UTF-8 in latin1": the site writes UTF-8 bytes into columns that MySQL takes for latin1.

A client that trusts the declared character set reads `layerâ€™s` for `layer’s`. The bytes are all there; this module
finds them again. MySQL's latin1 is Windows-1252 plus the five bytes that code page leaves open, which stand for the
control characters of the same number; Python's cp1252 lacks them, and `”` (E2 80 9D) needs one.
"""

import re

OPEN_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
BYTE_OF = {
    **{bytes([byte]).decode("cp1252"): byte for byte in range(256) if byte not in OPEN_IN_CP1252},
    **{chr(byte): byte for byte in OPEN_IN_CP1252},
}

# One character of two to four bytes, exactly as UTF-8 allows (RFC 3629, section 4).
SEQUENCE = re.compile(
    rb"[\xC2-\xDF][\x80-\xBF]"
    rb"|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}|\xED[\x80-\x9F][\x80-\xBF]"
    rb"|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}|\xF4[\x80-\x8F][\x80-\xBF]{2}"
)
# The beginning of one, at the very end of a value: what a column cut that was too short.
CUT = re.compile(rb"(?:[\xC2-\xDF]|[\xE0-\xEF][\x80-\xBF]?|[\xF0-\xF4][\x80-\xBF]{0,2})\Z")
# Beginnings that no proper text ends in: `Â`, `Ã`, `â€`, `ðŸ`; unlike `é`, in which many a name does.
SURELY_CUT = re.compile(rb"(?:[\xC2\xC3]|\xE2[\x80-\xBF]|\xF0[\x90-\xBF]{1,2})\Z")
# What proper text holds by chance beside proper accents: `É”` and its like, which would become phonetic letters.
LIKELY_CHANCE = re.compile(rb"[\xC6-\xCD]")
# Scripts that do not occur, and would come of proper text: `ß“`, `Ü“`, `Ö“`, `à «`.
UNLIKELY = re.compile("[\u0590-\u05af\u0700-\u08ff]")


def repair(value: str) -> str:
    """`value` as it was meant. Text that is proper already stays, and so does what holds characters beyond latin1.

    Where only some of the text is UTF-8 in latin1, that is repaired and the rest is kept. A character that the end of
    a column has cut is dropped.
    """
    if value.isascii() or any(character not in BYTE_OF for character in value):
        return value
    raw = bytes(BYTE_OF[character] for character in value)
    whole = _decode_whole(raw)
    return _repair_parts(raw) if whole is None else whole


def _decode_whole(raw: bytes) -> str | None:
    """The text if it is UTF-8 from end to end, but for a cut last character; else None."""
    body = _without_cut(raw)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if UNLIKELY.search(text) else text


def _without_cut(raw: bytes) -> bytes:
    cut = CUT if SEQUENCE.search(raw) else SURELY_CUT
    return cut.sub(b"", raw)


def _repair_parts(raw: bytes) -> str:
    parts, done = [], 0
    for match in SEQUENCE.finditer(raw):
        parts += [_as_latin1(raw[done : match.start()]), _repair_sequence(match[0])]
        done = match.end()
    return "".join([*parts, _as_latin1(raw[done:])])


def _repair_sequence(sequence: bytes) -> str:
    character = sequence.decode("utf-8")
    if UNLIKELY.match(character) or LIKELY_CHANCE.match(sequence):
        return _as_latin1(sequence)
    return character


def _as_latin1(raw: bytes) -> str:
    return "".join(CHARACTER_OF[byte] for byte in raw)


CHARACTER_OF = {byte: character for character, byte in BYTE_OF.items()}
