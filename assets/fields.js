// Controls that the platform has only half: a password that can be shown, a select with two lines.
import { Children, createElement as h, useEffect, useLayoutEffect, useRef, useState } from "react";
import { isEarly } from "$/public/early.js";

// A field that is left is judged, and what is wrong drawn below it: while a button is being pressed that would move it from
// under the finger. So it is told once the press is over, and after what is kept of the fields that are typed next: a
// password takes a while to judge.
const SETTLED = 150;
let isPressing = false, waiting = [];
const release = () => {
  isPressing = false;
  waiting.splice(0).forEach((tell) => setTimeout(tell, SETTLED));
};
if (typeof document !== "undefined") {
  addEventListener("pointerdown", () => (isPressing = true), true);
  for (const end of ["pointerup", "pointercancel", "dragend"]) addEventListener(end, release, true);
}
const afterPress = (tell) => (isPressing ? waiting.push(tell) : setTimeout(tell, SETTLED));

export function PasswordInput({ showLabel, hideLabel, showIcon, hideIcon, onLeave, ...rest }) {
  const [shown, setShown] = useState(false);
  const blur = ({ target }) => onLeave && target.value && afterPress(() => onLeave(target.value));
  return h(
    "span",
    { className: "gc-input" },
    h("input", { ...rest, onBlur: blur, type: shown ? "text" : "password", spellCheck: false, autoCapitalize: "none" }),
    h(
      "button",
      {
        type: "button",
        className: "gc-icon-button",
        "aria-label": shown ? hideLabel : showLabel,
        "aria-controls": rest.id,
        onClick: () => setShown(!shown),
      },
      shown ? hideIcon : showIcon,
    ),
  );
}

// options: [{ value, title, detail, mark, group }]; the select itself stays native, the two lines are drawn over it.
export function RichSelect({ options, value, ready, onChange, onSave, chevron, ...rest }) {
  const [picked, setChosen] = useState(value);
  const chosen = options.some((option) => option.value === picked) ? picked : options[0]?.value;
  const kept = useSaving(value, ready, onSave);
  useEffect(() => {
    if (value) setChosen(value);
  }, [value]);
  const current = options.find((option) => option.value === chosen) ?? options[0];
  const change = (event) => {
    setChosen(event.target.value);
    kept.type(event.target.value, 0);
    onChange?.(event);
  };
  return h(
    "span",
    { className: "gc-select two" },
    h("select", { ...rest, value: chosen, onChange: change }, grouped(options).map(optionGroup)),
    h(
      "span",
      { className: "gc-select-face", "aria-hidden": true },
      current?.mark && h("span", { className: `gc-provider ${current.mark}` }),
      h("span", { className: "gc-two" }, h("b", null, current?.title), h("small", null, current?.detail)),
    ),
    chevron,
  );
}

const grouped = (options) => {
  const groups = new Map();
  for (const option of options) groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  return [...groups];
};
const optionGroup = ([label, options]) =>
  label ? h("optgroup", { key: label, label }, options.map(one)) : options.map(one);
const one = ({ value, title, detail, mark }) =>
  h("option", { key: value, value, "data-mark": mark }, detail ? `${title}\n${detail}` : title);

// Has what somebody types kept on the server (`onSave`): a pause after the last change, at once when the field, the form
// or the page is left, and never twice. What a server that died may not have heard is said again once the page has loaded
// again, unless that brought it.
const PAUSE = 500;
const LEAVING = ["submit", "beforeunload", "pagehide"];

function useSaving(draft, ready, onSave) {
  const typed = useRef({ value: draft, isSaid: true, isHeard: true }).current;
  const acts = useRef({
    type(value, pause) {
      acts.replace(value);
      typed.isSaid = typed.isHeard = false;
      if (pause) typed.timer = setTimeout(acts.say, pause);
      else acts.say();
    },
    replace(value) {
      clearTimeout(typed.timer);
      Object.assign(typed, { value, isSaid: true, isHeard: true });
    },
    say() {
      clearTimeout(typed.timer);
      if (!typed.isSaid) typed.save?.(typed.value);
      typed.isSaid = true;
    },
  }).current;
  typed.save = onSave;
  useEffect(() => {
    if (draft === typed.value && typed.isSaid) typed.isHeard = true;
  }, [draft]);
  useEffect(() => {
    if (ready && typed.isSaid && !typed.isHeard && typed.value !== draft) typed.save?.(typed.value);
  }, [ready]);
  useEffect(() => {
    // In the capturing phase: Reflex closes its socket in the other.
    for (const event of LEAVING) addEventListener(event, acts.say, true);
    return () => {
      for (const event of LEAVING) removeEventListener(event, acts.say, true);
      acts.say();
    };
  }, []);
  return acts;
}

// A control that takes the value kept on the server when that arrives, unless something was typed before;
// another value with a new `serial` replaces what was typed (a suggestion that was taken), but not while the page first loads.
// `flip` turns the groups of a select round; what is chosen stays.
export function Drafted({ as, draft, serial, ready, flip, onInput, onBlur, onLeave, onSave, children, ...rest }) {
  const control = useRef(null);
  const touched = useRef(false);
  const last = useRef({ draft, serial });
  const isLoaded = useRef(false);
  const kept = useSaving(draft, ready, onSave);
  useEffect(() => {
    const isReplaced = isLoaded.current && serial !== last.current.serial && draft !== last.current.draft;
    last.current = { draft, serial };
    if ((touched.current || isEarly(control.current)) && !isReplaced) return;
    if (control.current.value !== draft) control.current.value = draft;
    kept.replace(draft);
  }, [draft, serial]);
  useEffect(() => {
    isLoaded.current ||= ready;
  }, [ready]);
  const input = (event) => {
    touched.current = true;
    kept.type(event.target.value, as === "select" ? 0 : PAUSE);
    onInput?.(event);
  };
  const blur = (event) => {
    kept.say();
    onBlur?.(event);
    const { value } = event.target;
    if (onLeave && touched.current) afterPress(() => onLeave(value));
  };
  const chosen = control.current?.value;
  useLayoutEffect(() => {
    if (flip !== undefined && chosen !== undefined) control.current.value = chosen;
  }, [flip]);
  return h(as, { ...rest, ref: control, defaultValue: draft, onInput: input, onBlur: blur }, flip ? turned(children) : children);
}

// What chooses nothing stays first.
const turned = (children) => {
  const [first, ...groups] = Children.toArray(children);
  return [first, ...groups.reverse()];
};
