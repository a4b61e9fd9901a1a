// A button that rests for some seconds and says how many are left; `serial` starts a new rest of the same length.
import { createElement as h, useEffect, useState } from "react";

export function CountdownButton({ seconds, serial, label, waiting, busy, onClick, ...rest }) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const until = Date.now() + seconds * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [seconds, serial]);
  const resting = left > 0;
  return h(
    "button",
    {
      ...rest,
      className: resting ? `${rest.className} resting` : rest.className,
      type: "button",
      "aria-disabled": resting || busy,
      "aria-busy": busy,
      onClick: () => !resting && !busy && onClick?.(),
    },
    h("span", { className: "gc-num" }, resting ? waiting.replace("{seconds}", left) : label),
  );
}
