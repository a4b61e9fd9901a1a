// A film that is loaded and played only when asked for, by the large button or the browser's own controls.
import { createElement as h, useRef, useState } from "react";

export function Film({ playLabel, playIcon, children, ...rest }) {
  const film = useRef(null);
  const [hasBegun, setBegun] = useState(false);
  const play = () => {
    film.current.focus();
    film.current.play();
  };
  return h(
    "div",
    { className: "gc-film" },
    h("video", { ...rest, ref: film, controls: true, preload: "none", playsInline: true, onPlay: () => setBegun(true) }, children),
    hasBegun ? null : h("button", { type: "button", className: "gc-film-play", "aria-label": playLabel, onClick: play }, playIcon),
  );
}
