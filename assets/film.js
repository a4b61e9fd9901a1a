// A film that is loaded and played only when asked for, by a large button; then it has the browser's own controls.
import { createElement as h, useEffect, useRef, useState } from "react";

export function Film({ playLabel, playIcon, children, ...rest }) {
  const film = useRef(null);
  const [hasBegun, setBegun] = useState(false);
  const play = () => {
    setBegun(true);
    // A film that cannot be loaded says so in its own controls.
    film.current.play().catch(() => {});
  };
  // The button is gone then, and with it the focus; the film can have it once it has controls.
  useEffect(() => {
    if (hasBegun) film.current.focus();
  }, [hasBegun]);
  return h(
    "div",
    { className: "gc-film" },
    h("video", { ...rest, ref: film, controls: hasBegun, preload: "none", playsInline: true }, children),
    hasBegun ? null : h("button", { type: "button", className: "gc-film-play", "aria-label": playLabel, onClick: play }, playIcon),
  );
}
