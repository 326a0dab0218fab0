/* Keys that an input method editor takes, such as the Enter that confirms a word, are no shortcuts.
   Safari ends the composition before that Enter: only its code, 229, still says so. */
addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
}, true);
