// The native modal dialog, opened and closed by a variable of the page alone: a user who closes it asks for that, so
// that what the page believes and what is seen never part, however quickly it is opened again.
import { createElement as h, useEffect, useRef } from "react";
import { over } from "$/public/back.js";
import { opens } from "$/public/link.js";

const FIRST = "[data-autofocus], .gc-dialog-body :is(input, select, textarea):not(:disabled, [type=hidden])";

export function Dialog({ open, locked, openedBy, onClose, children, ...rest }) {
  const ref = useRef(null);
  const opener = useRef(null);
  const began = useRef(false);
  const closing = useRef(0);
  const leave = useRef(null);
  useEffect(() => opens(rest.id, openedBy), []);
  useEffect(() => {
    leave.current = () => (locked ? false : onClose?.());
  });
  useEffect(() => (open ? over(ref.current, () => leave.current()) : undefined), [open]);
  useEffect(() => {
    const dialog = ref.current;
    if (open && !dialog.open) {
      opener.current = document.activeElement;
      // The place of a scroll bar is kept where there is one, so that nothing moves.
      const root = document.documentElement;
      root.toggleAttribute("data-scroll-bar", innerWidth > root.clientWidth);
      dialog.showModal();
      (dialog.querySelector(FIRST) ?? dialog.querySelector("h2"))?.focus();
    } else if (!open && dialog.open) {
      closing.current += 1;
      dialog.close();
    }
  }, [open]);
  const closed = (event) => {
    if (event.target !== ref.current) return;
    if (opener.current?.isConnected && document.activeElement === document.body) returnFocus(opener.current);
    // Of what the page has closed it is told a moment later, when it may be open again. All else is a browser that
    // closed without asking, as some do on a second Esc.
    if (closing.current > 0) closing.current -= 1;
    else onClose?.();
  };
  const cancel = (event) => {
    if (event.target !== ref.current) return;
    event.preventDefault();
    if (!locked) onClose?.();
  };
  // The click may begin inside (selecting text) and end outside: only one that begins on the backdrop closes.
  const press = (event) => {
    began.current = isBackdrop(event, ref.current);
  };
  const click = (event) => {
    const isAway = began.current && isBackdrop(event, ref.current);
    if (!locked && (isAway || event.target.closest("[data-close]"))) onClose?.();
  };
  return h("dialog", { ...rest, ref, onClose: closed, onCancel: cancel, onPointerDown: press, onClick: click }, children);
}

const isBackdrop = ({ target, clientX: x, clientY: y }, dialog) => {
  const box = dialog.getBoundingClientRect();
  if (target !== dialog) return false;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
};

// What opened the dialog may have stood in a menu that is closed by now.
const returnFocus = (element) => {
  const menu = element.closest("[popover]");
  (menu && !menu.matches(":popover-open") ? document.querySelector(`[popovertarget="${menu.id}"]`) : element)?.focus();
};
