/* Keeps what is selected in an answer while it grows and when it ends, although its text is replaced.
   A morph would lose it too: that sets the growing text anew. */
{
  let kept; // the points of a selection, before a swap

  const parentOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  const lettersOf = (text) => text.replace(/\s/g, "").length;

  /* A point in the answer's text as the letters before it: white space differs once it is whole. */
  const pointOf = (node, offset, answer) => {
    const body = parentOf(node)?.closest(".answer-body, .thought");
    if (!body || body.closest(".answer") !== answer) return { node, offset };
    const range = document.createRange();
    range.selectNodeContents(body);
    range.setEnd(node, offset);
    const place = body.matches(".thought") ? ".thought" : ".answer-body";
    return { node, offset, place: `#${answer.id} ${place}`, letters: lettersOf(range.toString()) };
  };

  const positionOf = ({ node, offset, place, letters }, isEnd) => {
    if (!place) return node.isConnected && offset <= (node.length ?? node.childNodes.length) && [node, offset];
    const body = document.querySelector(place);
    const texts = body && document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    let left = letters;
    while (texts?.nextNode()) {
      const { data } = texts.currentNode;
      const count = lettersOf(data);
      if (left < count || (isEnd && left === count)) {
        // The end is after its last letter, the start before its first one.
        for (const { index } of data.matchAll(/\S/g)) {
          if (left === 0) return [texts.currentNode, index];
          left -= 1;
          if (isEnd && left === 0) return [texts.currentNode, index + 1];
        }
        return [texts.currentNode, isEnd ? 0 : data.length];
      }
      left -= count;
    }
    return null;
  };

  document.addEventListener("htmx:before:swap", ({ target }) => {
    kept = null;
    const answer = target.closest?.(".answer");
    const selection = getSelection();
    if (!answer || selection.isCollapsed || !selection.containsNode(answer, true)) return;
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    const range = selection.getRangeAt(0);
    kept = {
      anchor: pointOf(anchorNode, anchorOffset, answer),
      focus: pointOf(focusNode, focusOffset, answer),
      isBackward: anchorNode === range.endContainer && anchorOffset === range.endOffset,
    };
  });

  // After each part of a frame, and before the browser paints
  document.addEventListener("htmx:before:settle", () => {
    if (!kept) return;
    const { anchor, focus, isBackward } = kept;
    const selection = getSelection();
    const isUntouched = (point, node, offset) => point.node === node && point.offset === offset;
    if (isUntouched(anchor, selection.anchorNode, selection.anchorOffset)
      && isUntouched(focus, selection.focusNode, selection.focusOffset)) return;
    const from = positionOf(anchor, isBackward);
    const to = positionOf(focus, !isBackward);
    if (from && to) selection.setBaseAndExtent(...from, ...to);
  });
}
