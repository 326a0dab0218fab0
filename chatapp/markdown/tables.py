"""Tables: a row that leaves out cells is given them all, so their number is checked first."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table

from chatapp.markdown.limits import CELLS_LIMIT, NOTE, plain


def bounded_tables(md: MarkdownIt) -> None:
    """Show tables of more than CELLS_LIMIT cells as plain text."""
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.add_render_rule("plain", lambda _, tokens, at, *__: NOTE + plain(tokens[at].content))


def is_too_large(rule: str, rows: int) -> bool:
    """Whether a table with this line below its head and so many rows has too many cells."""
    return (rule.strip().strip("|").count("|") + 1) * rows > CELLS_LIMIT


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if silent or not table(state, start, end, True):
        return table(state, start, end, silent)
    after = _end(state, start, end)
    if not is_too_large(
        state.getLines(start + 1, start + 2, state.blkIndent, False), after - start
    ):
        return table(state, start, end, False)
    token = state.push("plain", "", 0)
    token.content = state.getLines(start, after, state.blkIndent, False)
    token.map = [start, after]
    state.line = after
    return True


def _end(state: StateBlock, start: int, end: int) -> int:
    """The line after the table's last one."""
    interrupts = state.md.block.ruler.getRules("blockquote")
    for line in range(start + 2, end):
        if state.sCount[line] < state.blkIndent or state.isEmpty(line):
            return line
        is_row = state.src[state.bMarks[line] + state.tShift[line]] == "|"
        if not is_row and any(rule(state, line, end, True) for rule in interrupts):
            return line
    return end
