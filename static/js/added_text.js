/* Text that continues a growing answer comes by itself: the depth of the element it goes into, the last
   one of the tail, and the text. Longer text in the same node leaves what is selected as it is. */
{
  const put = (place, text) => {
    const last = place.lastChild;
    if (last?.nodeType === Node.TEXT_NODE) last.appendData(text);
    else place.append(text);
  };

  document.addEventListener("added", ({ target, detail }) => {
    const tail = target.closest(".answer")?.querySelector(".answer-tail");
    if (!tail) return;
    const space = detail.data.indexOf(" ");
    let place = tail;
    for (let depth = Number(detail.data.slice(0, space)); depth > 0; depth -= 1) {
      place = place.lastElementChild ?? place;
    }
    put(place, detail.data.slice(space + 1));
    tail.dispatchEvent(new CustomEvent("grown", { bubbles: true }));
  });
}
