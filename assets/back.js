// On phones the way back closes what lies over the page, as it does in their own applications: while a dialog or the
// drawer is open, an entry of the history stands for it. It has the address of the page, so that the router, which is not
// told of it, has nothing to do. Closed in any other way, the entry goes too.
const PHONE = "(max-width: 767px)", MARK = "over";
const open = new Map(), leaving = new Set();
let isMarked = false, retreat = null, timer;

const stands = () => Boolean(history.state?.[MARK]);

// Something opens: `close` closes it, or answers false when it may not be closed now. To be told when it is closed: the answer.
export const over = (key, close) => {
  open.delete(key);
  open.set(key, close);
  settle();
  return () => {
    if (open.get(key) !== close) return;
    open.delete(key);
    leaving.delete(key);
    settle();
  };
};

// One dialog may take the place of another: what counts is what is open when both have told.
const settle = () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const isOver = [...open.keys()].some((key) => !leaving.has(key));
    if (isOver && !stands() && matchMedia(PHONE).matches) history.pushState({ ...history.state, [MARK]: true }, "");
    else if (open.size === 0 && stands() && isMarked) {
      retreat = location.href;
      history.back();
    }
    isMarked = stands();
  });
};

const popped = (event) => {
  const wasMarked = isMarked, address = retreat;
  isMarked = stands();
  retreat = null;
  if (address !== null) {
    event.stopImmediatePropagation();
    if (location.href !== address) history.replaceState(history.state, "", address);
    return;
  }
  const [key, close] = [...open].filter(([one]) => !leaving.has(one)).at(-1) ?? [];
  if (!wasMarked || isMarked || !close) return;
  event.stopImmediatePropagation();
  if (close() === false) settle();
  else leaving.add(key);
};

const toggled = (event) => {
  const { target: drawer } = event;
  if (!drawer.matches?.("[popover][data-over]")) return;
  if (event.newState === "open") drawer.closed = over(drawer, () => drawer.hidePopover());
  else drawer.closed?.();
};

if (typeof document !== "undefined") {
  addEventListener("popstate", popped, true);
  document.addEventListener("toggle", toggled, true);
}
