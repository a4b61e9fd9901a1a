// Keyboard and place of a native popover menu: `.gc-menu-root` holds the button and the popover.
import { createElement as h, useEffect, useRef } from "react";
import "$/public/back.js";

const ITEMS = ":is([role^=menuitem], [role=option], [data-item]):not([hidden], [aria-disabled=true])";

export function MenuRoot({ children, ...rest }) {
  const root = useRef(null);
  useEffect(() => {
    const menu = root.current.querySelector("[popover]");
    const toggled = (event) => {
      const button = root.current.querySelector("[popovertarget]");
      button.setAttribute("aria-expanded", event.newState === "open");
      if (event.newState !== "open") return;
      place(button, menu);
      (menu.querySelector("input:not([type=hidden]), [aria-checked=true], [aria-selected=true]") ?? menu.querySelector(ITEMS))?.focus();
    };
    menu.addEventListener("toggle", toggled);
    return () => menu.removeEventListener("toggle", toggled);
  }, []);
  return h("div", { ...rest, ref: root, onKeyDown: move, onClick: chosen, onInput: filter }, children);
}

const move = (event) => {
  const button = event.target.closest("[popovertarget]");
  if (button && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    document.getElementById(button.getAttribute("popovertarget"))?.showPopover();
    return;
  }
  const menu = event.target.closest("[popover]");
  if (!menu) return;
  if (event.key === "Tab") return menu.hidePopover();
  const items = [...menu.querySelectorAll(ITEMS)];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || (at < 0 && (event.key === "Home" || event.key === "End"))) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
};

const chosen = (event) => {
  if (event.target.closest(ITEMS)) event.target.closest("[popover]")?.hidePopover();
};

const filter = (event) => {
  const words = event.target.value.trim().toLowerCase();
  const menu = event.target.closest("[popover]");
  let left = 0;
  for (const item of menu.querySelectorAll("[role=option]")) {
    item.hidden = !item.textContent.toLowerCase().includes(words);
    left += !item.hidden;
  }
  const nothing = menu.querySelector("[data-nothing]");
  if (nothing) nothing.hidden = left > 0;
};

const place = (button, menu) => {
  const from = button.getBoundingClientRect();
  const isEnd = from.left + from.width / 2 > innerWidth / 2;
  const left = isEnd ? from.right - menu.offsetWidth : from.left;
  menu.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.min(from.bottom + 6, Math.max(8, innerHeight - menu.offsetHeight - 8))}px`;
};
