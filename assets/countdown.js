// A button that rests for some seconds and says how many are left; `serial` starts a new rest of the same length. `busy`
// comes back from the server, so a press is remembered here until `answers` grows: two clicks are one.
import { createElement as h, useEffect, useRef, useState } from "react";

const PATIENCE = 5000;

export function CountdownButton({ seconds, serial, label, waiting, busy, answers, onClick, ...rest }) {
  const [left, setLeft] = useState(0);
  const pressed = useRef(0);
  useEffect(() => {
    if (!busy) pressed.current = 0;
  }, [busy, answers]);
  useEffect(() => {
    const until = Date.now() + seconds * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [seconds, serial]);
  const resting = left > 0;
  const press = () => {
    if (resting || busy || Date.now() - pressed.current < PATIENCE) return;
    pressed.current = Date.now();
    onClick?.();
  };
  return h(
    "button",
    {
      ...rest,
      className: resting ? `${rest.className} resting` : rest.className,
      type: "button",
      "aria-disabled": resting || busy,
      "aria-busy": busy,
      onClick: press,
    },
    h("span", { className: "gc-num" }, resting ? waiting.replace("{seconds}", left) : label),
  );
}
