// A command to copy. The secret in it comes from the server only when it is asked for, by showing or by copying.
import { createElement as h, useEffect, useRef, useState } from "react";

const PATIENCE = 5000;
const STRING = /("[^"]*")/;

export function TokenCommand({
  template, gateway, token, shown, mask, secret, label, name, doneLabel, icon, doneIcon, onNeed, onCopied, ...rest
}) {
  const [isDone, setDone] = useState(false);
  const waiting = useRef(null);
  const fill = (value) => template.replaceAll("{gateway}", gateway).replaceAll("{token}", value);
  useEffect(() => {
    if (!token || !waiting.current) return;
    waiting.current(fill(token));
    waiting.current = null;
  }, [token]);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [isDone]);

  const ask = () =>
    new Promise((resolve, reject) => {
      waiting.current = resolve;
      setTimeout(reject, PATIENCE, new Error("no answer"));
      onNeed?.();
    });
  const whole = () => {
    if (!secret || !template.includes("{token}")) return Promise.resolve(fill(mask));
    return token ? Promise.resolve(fill(token)) : ask();
  };
  const copy = async () => {
    const text = whole();
    setDone(await write(text));
    onCopied?.();
  };

  const parts = fill(shown && token ? token : mask).split(STRING);
  return h(
    "div",
    rest,
    h(
      "pre",
      { "data-verbatim": "" },
      h("code", null, parts.map((part, i) => (i % 2 ? h("i", { key: i }, part) : part))),
    ),
    h(
      "button",
      { type: "button", className: "gc-command-copy", onClick: copy, "aria-label": isDone ? doneLabel : `${label} ${name}` },
      isDone ? doneIcon : icon,
      h("span", { "aria-live": "polite" }, isDone ? doneLabel : label),
    ),
  );
}

// Browsers let a page write only at once after a click; a promise may be handed in then and kept later.
// They keep the clipboard from pages served without https; the old way still works there.
const write = async (text) => {
  try {
    if (!window.ClipboardItem) await navigator.clipboard.writeText(await text);
    else {
      const blob = text.then((value) => new Blob([value], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    }
    return true;
  } catch {
    return text.then(writeByHand, () => false);
  }
};

const writeByHand = (text) => {
  const source = document.createElement("textarea");
  source.value = text;
  document.body.append(source);
  source.select();
  const isCopied = document.execCommand("copy");
  source.remove();
  return isCopied;
};
