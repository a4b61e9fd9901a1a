// What somebody has typed or chosen stays, whatever a page does until it stands: its scripts take over controls that were
// used before (build/first_paint.py notes those), and while it loads its data it draws controls again.
const CONTROLS = "input:not([type=hidden]), select, textarea";

const isBox = (control) => control.type === "checkbox" || control.type === "radio";
const standing = (control) => (isBox(control) ? control.checked : control.value);
const kept = new Map();
const here = () => location.pathname + location.search;
let touched = new WeakSet(), place = typeof location === "undefined" ? "" : here();

if (typeof document !== "undefined")
  addEventListener(
    "input",
    (event) => {
      touched.add(event.target);
      if (event.isTrusted) kept.delete(event.target);
    },
    true,
  );

// What was done before the page's scripts ran, done once more for them.
export const replay = () => {
  const { early } = window;
  if (!early) return;
  early.stop();
  window.early = undefined;
  for (const [control, value] of early.typed) if (twin(control)) restore(twin(control), value);
  for (const pressed of early.pressed) {
    pressed.removeAttribute("data-waiting");
    pressed.tagName === "FORM" ? pressed.requestSubmit() : pressed.click();
  }
};

export const isEarly = (control) => Boolean(window.early?.typed.has(control));

// To be called before the page is told something that it loads.
export const keep = () => {
  if (place !== here()) {
    // Another address is about to bring what it stands for.
    kept.clear();
    touched = new WeakSet();
    place = here();
  }
  for (const control of document.querySelectorAll(CONTROLS))
    if (touched.has(control) && (control.type !== "radio" || control.checked)) kept.set(control, standing(control));
};

// To be called once all of that is drawn.
export const bringBack = () => {
  for (const [control, value] of place === here() ? kept : []) {
    const now = twin(control);
    if (now && standing(now) !== value) restore(now, value);
  }
  kept.clear();
};

const twin = (control) => {
  if (control.isConnected) return control;
  if (control.id) return document.getElementById(control.id);
  return [...document.getElementsByName(control.name)].find(
    (other) => other.type === control.type && (!isBox(control) || other.value === control.value),
  );
};

// React takes a value for unchanged that it knows already; a control that has its value is not written to, as somebody
// may be in the middle of a word.
const restore = (control, value) => {
  if (isBox(control)) {
    control.checked = !value;
    control.click();
    return;
  }
  control._valueTracker?.setValue("\0");
  if (control.value !== value) Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), "value").set.call(control, value);
  control.dispatchEvent(new Event("input", { bubbles: true }));
  if (control.tagName === "SELECT") control.dispatchEvent(new Event("change", { bubbles: true }));
};
