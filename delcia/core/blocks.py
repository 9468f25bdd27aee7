"""delcia's lines in a crontab that is somebody else's: between two marks, every other byte as it was."""

from dataclasses import dataclass

from delcia.errors import DelciaError

BEGIN, END = "# BEGIN delcia", "# END delcia"
JOINED, EMPTY = " (the line before had no end)", " (nothing else was here)"
"""What the first line says of the crontab before delcia, so that taking the lines out again restores it."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A text around its block; `flag` is JOINED, EMPTY or nothing."""

    before: str
    block: str
    after: str
    flag: str


def taken(text: str | None) -> str | None:
    """Return the block of a crontab as it was rendered, None when there is none. Raises `crontab-marks`."""
    parts = None if text is None else _parts(text)
    return None if parts is None else parts.block


def placed(text: str | None, block: str) -> str:
    """Return a crontab with this block: in the place of the one it has, else at its end."""
    parts = None if text is None else _parts(text)
    if parts is not None:
        return parts.before + _flagged(block, parts.flag) + parts.after
    if not text:
        return block if text is None else _flagged(block, EMPTY)
    if text.endswith("\n"):
        return text + block
    return f"{text}\n{_flagged(block, JOINED)}"


def cleared(text: str | None) -> str | None:
    """Return a crontab without its block; None when nothing was there before it."""
    parts = None if text is None else _parts(text)
    if parts is None:
        return text
    before = parts.before
    if parts.flag == JOINED and not parts.after:
        before = before.removesuffix("\n")
    return before + parts.after if before or parts.after or parts.flag == EMPTY else None


def _flagged(block: str, flag: str) -> str:
    return BEGIN + flag + block.removeprefix(BEGIN)


def _parts(text: str) -> _Parts | None:
    """Return a text around its block. Lines end in a line feed, as they do for cron; a mark may have a CR before it."""
    lines = text.split("\n")
    lines = [*(f"{line}\n" for line in lines[:-1]), lines[-1]]
    begins = [number for number, line in enumerate(lines) if line.startswith(BEGIN)]
    ends = [number for number, line in enumerate(lines) if line.rstrip() == END]
    if not begins and not ends:
        return None
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        found = f"{len(begins)} lines that begin with '{BEGIN}' and {len(ends)} with '{END}'"
        hint = "have one of each, in this order, or none: crontab -e, or edit the file; what lies between is delcia's"
        raise DelciaError(f"the marks of delcia's part are damaged: {found}", slug="crontab-marks", hint=hint)
    first, last = begins[0], ends[0] + 1
    block = "".join(lines[first:last])
    flag = next((flag for flag in (JOINED, EMPTY) if block.startswith(BEGIN + flag)), "")
    return _Parts("".join(lines[:first]), BEGIN + block.removeprefix(BEGIN + flag), "".join(lines[last:]), flag)
