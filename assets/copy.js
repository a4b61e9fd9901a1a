// Copies a text and says so for a moment.
import { createElement as h, useEffect, useState } from "react";

export function CopyButton({ text, label, doneLabel, icon, doneIcon, ...rest }) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async () => setDone(await write(text));
  return h(
    "button",
    { ...rest, type: "button", onClick: copy },
    isDone ? doneIcon : icon,
    h("span", { "aria-live": "polite" }, isDone ? doneLabel : label),
  );
}

// Browsers keep the clipboard from pages served without https; the old way still works there.
const write = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const source = document.createElement("textarea");
    source.value = text;
    document.body.append(source);
    source.select();
    const isCopied = document.execCommand("copy");
    source.remove();
    return isCopied;
  }
};
