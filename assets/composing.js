// What an input method is still putting together (the letters of pinyin, say) is nothing that anybody typed: the page hears of
// it once it is committed. Browsers differ in whether an `input` event follows the end, so one is always sent.
if (typeof document !== "undefined") {
  const unheard = (event) => event.isComposing && event.stopImmediatePropagation();
  const committed = ({ target }) => target.dispatchEvent(new InputEvent("input", { bubbles: true }));
  document.addEventListener("input", unheard, true);
  document.addEventListener("compositionend", committed);
}
