// Short notices that leave by themselves, and the bar shown while the connection is away.
import { createElement as h, useEffect, useRef, useState } from "react";
import "$/public/composing.js";
import { bringBack, replay } from "$/public/early.js";
import { beSure, useLink } from "$/public/link.js";

const STAY = 5000;

// Shows each new `serial`; problems stay until they are closed, the rest waits while it is hovered or focused.
export function Toast({ serial, problem, message, detail, icon, problemIcon, closeIcon, closeLabel, onClose, ...rest }) {
  const [held, setHeld] = useState(false);
  const [closed, setClosed] = useState(null);
  const isShown = Boolean(message) && closed !== serial;
  const close = () => {
    setClosed(serial);
    // Of one with a negative serial the server has no state (state/faults.py).
    if (serial > 0) onClose();
  };
  // What held the last notice may have left without a word: a closed one hears no pointer leave it.
  useEffect(() => setHeld(false), [serial]);
  useEffect(() => {
    if (!isShown || problem || held) return undefined;
    const timer = setTimeout(close, STAY);
    return () => clearTimeout(timer);
  }, [serial, isShown, problem, held]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return h(
    "div",
    { ...rest, role: "status", "aria-live": "polite", "aria-atomic": true },
    isShown &&
      h(
        "div",
        { key: serial, className: problem ? "gc-toast problem" : "gc-toast", ...hold },
        problem ? problemIcon : icon,
        h("div", null, h("b", null, message), detail && h("small", null, detail)),
        h("button", { type: "button", className: "gc-icon-button", "aria-label": closeLabel, onClick: close }, closeIcon),
      ),
  );
}

// The framework keeps only the last ten errors, so the attempts are counted here.
export function Reconnect({ ready, errors, words, unsure, retryLabel, closeLabel, spinner, className }) {
  const { isAway, isUnsure } = useLink();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setAttempt((count) => (errors.length ? count + 1 : 0));
  }, [errors]);
  useEffect(replay, []);
  useEffect(() => {
    if (ready) setTimeout(bringBack);
  }, [ready]);
  const again = Math.max(attempt - 1, isAway ? 1 : 0);
  return h(
    "div",
    { role: "status" },
    again > 0 &&
      h(
        "div",
        { className },
        spinner,
        h("span", null, words[0], h("span", { "aria-hidden": true }, words[1].replace("{attempt}", again)), words[2]),
        h("button", { type: "button", onClick: retry }, retryLabel),
      ),
    isUnsure &&
      again === 0 &&
      h("div", { className }, h("span", null, unsure), h("button", { type: "button", onClick: beSure }, closeLabel)),
  );
}

// The framework tries again at once when the page becomes visible; this says so.
const retry = () => document.dispatchEvent(new Event("visibilitychange"));
