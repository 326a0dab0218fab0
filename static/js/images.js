/* Images attached to a message: selected, pasted or dropped. The list above the text shows them, the
   file field sends them; large photographs are scaled down first. */
{
  const LONGEST = 2048; // px
  const LARGE = 1_000_000; // bytes
  const field = () => document.getElementById("id_images");
  const list = () => document.querySelector("#composer .selected-images");
  const items = () => [...document.querySelectorAll("#composer .selected-image")];
  const files = new WeakMap(); // of each item of the list

  const syncField = () => {
    const all = new DataTransfer();
    for (const item of items()) all.items.add(files.get(item));
    if (field()) field().files = all.files;
  };

  const draw = (image, canvas, { width, height }, [x, y] = [0, 0]) =>
    Object.assign(canvas, { width, height }).getContext("2d").drawImage(image, -x, -y, width + 2 * x, height + 2 * y);

  const preview = async (item, file) => {
    const thumbnail = item.querySelector("canvas");
    const image = await createImageBitmap(file);
    // The middle of it, as large as a square of 112 px takes.
    const scale = 112 / Math.min(image.width, image.height);
    draw(image, thumbnail, thumbnail, [(image.width * scale - 112) / 2, (image.height * scale - 112) / 2]);
    if (file.size < LARGE || file.type === "image/gif") return;
    const less = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    draw(image, canvas, { width: Math.round(image.width * less), height: Math.round(image.height * less) });
    const blob = await new Promise((done) => canvas.toBlob(done, "image/webp", 0.9));
    if (!blob || blob.size >= file.size) return;
    files.set(item, new File([blob], file.name, { type: blob.type }));
    if (item.isConnected) syncField();
  };

  const add = (several) => {
    for (const file of several) {
      const item = document.getElementById("selected-image").content.firstElementChild.cloneNode(true);
      files.set(item, file);
      item.querySelector("input").placeholder = file.name;
      // What can't be read here has no picture in the list; the server says what is wrong with it.
      preview(item, file).catch(() => item.querySelector("canvas").remove());
      list().append(item);
    }
    syncField();
  };
  const images = (data) => [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
  const carriesFiles = (event) => field() && event.dataTransfer?.types.includes("Files");

  document.addEventListener("change", ({ target }) => {
    if (field() && target === field()) add([...target.files]);
  });
  document.addEventListener("click", ({ target }) => {
    const item = target.closest?.(".selected-image button")?.closest("li");
    if (!item) return;
    item.remove();
    syncField();
    document.querySelector("#composer textarea").focus();
  });
  document.addEventListener("paste", (event) => {
    const pasted = images(event.clipboardData);
    // An office program puts a picture of the text beside the text.
    if (!field() || !pasted.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(pasted);
  });
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    add(images(event.dataTransfer));
  });

  document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
    if (target.matches?.("#composer")) ctx.sentImages = [...(list()?.children ?? [])];
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!ctx.sentImages?.length || !ctx.response.raw.ok) return;
    for (const item of ctx.sentImages) item.remove();
    syncField();
  });
}
