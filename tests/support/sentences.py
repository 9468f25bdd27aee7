"""The sentences that a module of delcia's can say: its literals that are messages, hints and words, gaps filled."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "delcia"
SAID = frozenset({"message", "hint", "words", "msg", "why", "how", "text", "said", "goal"})
"""Names under which a module keeps what it says."""
SAYS = frozenset({"DelciaError", "Finding", "Problem", "error", "warning", "queue_notice", "Words"})
"""What is given words to say."""


def sentences(module: str) -> Iterator[str]:
    """Yield what a module says, each once, with a 7 in every gap."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    found = (text for said in _said(tree) for text in _texts(said))
    yield from dict.fromkeys(text for text in found if " " in text.strip())


def _said(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[_, ast.Constant(value="ok"), *_]):
                continue  # a finding that is shown nowhere
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SAYS:
                yield from (*node.args, *(word.value for word in node.keywords if word.arg in SAID))
            case ast.Return(value=value) | ast.Yield(value=value) if value is not None:
                yield value
            case ast.Assign(targets=targets, value=value):
                names = {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
                if names & SAID:
                    yield value
            case _:
                continue


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(_part(part) for part in parts)
        case ast.IfExp(body=body, orelse=other):
            yield from (*_texts(body), *_texts(other))
        case ast.Tuple(elts=parts):
            yield from (text for part in parts for text in _texts(part))
        case _:
            return


def _part(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=text):
            return str(text)
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id="quoted"))):
            return "'7'"
        case _:
            return "7"
