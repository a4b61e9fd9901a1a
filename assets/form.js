// A form that moves the focus to its error summary when the server refused it, and is not sent twice. One that is sent
// before the page has loaded its data goes off right after: what loads starts afresh, and would wipe the answer away.
//
// `busy` comes back from the server, a round trip after the first of two clicks; so what was sent is remembered here,
// until the server has answered (each answer brings new `problems`; `turnedAway` grows when it did not take the form
// from this page), the page has loaded its data again, or it is too long ago to be waited for.
import { createElement as h, useEffect, useRef, useState } from "react";
import { whenCleared } from "$/public/link.js";

const DOUBLE_CLICK = 500, PATIENCE = 5000, POSTED = 30000;

export function PortalForm({ ready, busy, problems, refusals, turnedAway, onSubmit, children, ...rest }) {
  const form = useRef(null);
  const early = useRef(false);
  const sent = useRef(null);
  const seen = useRef(refusals);
  useEffect(() => {
    if (refusals > seen.current) (first(form.current, "[data-summary]") ?? first(form.current, "[aria-invalid=true]"))?.focus();
    seen.current = refusals;
  }, [refusals]);
  useEffect(() => {
    if (!busy) sent.current = null;
  }, [ready, busy, problems, refusals, turnedAway]);
  useEffect(() => {
    if (!ready || !early.current) return;
    early.current = false;
    form.current?.removeAttribute("data-waiting");
    form.current?.requestSubmit();
  }, [ready]);
  // The second click of two may come after a quick refusal: it is no second try.
  useEffect(() => {
    const onceOnly = (event) => {
      const button = event.detail > 1 && event.target.closest?.("button[type=submit]");
      if (button && button.form === form.current) event.preventDefault();
    };
    addEventListener("click", onceOnly);
    return () => removeEventListener("click", onceOnly);
  }, []);
  const submit = (event) => {
    event.preventDefault();
    if (!ready) {
      early.current = true;
      form.current.setAttribute("data-waiting", "");
    } else if (!busy && !isRepeated()) onSubmit?.(event);
  };
  const isRepeated = () => {
    const now = { typed: new URLSearchParams(new FormData(form.current)).toString(), at: Date.now() };
    const last = sent.current;
    // A form without `busy` is not answered: a search, a choice.
    if (last && last.typed === now.typed && now.at - last.at < (busy === undefined ? DOUBLE_CLICK : PATIENCE)) return true;
    sent.current = now;
    return false;
  };
  // A line of the summary leads to its field without becoming a step of the browser's history.
  const follow = (event) => {
    const field = event.target.closest?.(".gc-summary a") && document.getElementById(event.target.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
  };
  return h("form", { noValidate: true, method: "post", ...rest, ref: form, onSubmit: submit, onClick: follow }, children);
}

const first = (form, selector) => form?.querySelector(selector);

// A hidden native form that posts itself once what it carries is there, over a connection that works. While the answer
// is on its way the page may connect and load once more, and is ready a second time; a ticket is good for one post.
export function HandoverForm({ ready, fields, ...rest }) {
  const form = useRef(null);
  useEffect(() => {
    if (ready && !isPosted(rest.action, fields)) whenCleared().then(() => form.current?.submit());
  }, [ready]);
  const inputs = Object.entries(fields).map(([name, value]) =>
    h("input", { key: name, type: "hidden", name, value: value ?? "", readOnly: true }),
  );
  return h("form", { ...rest, ref: form, method: "post", hidden: true }, inputs);
}

let posted = { content: "", at: 0 };
const isPosted = (...form) => {
  const last = posted;
  posted = { content: JSON.stringify(form), at: Date.now() };
  return last.content === posted.content && posted.at - last.at < POSTED;
};

// A hidden field that carries what stands behind the # of the address, which no HTTP request holds. It leaves the
// address at once, since events tell the server where the page is; the history entry keeps it for a reload. The server
// is told once the page has loaded its data, and again when it had to load again: loading starts from the beginning.
export function FragmentField({ name, ready, onRead }) {
  const [value, setValue] = useState(null);
  useEffect(() => {
    const read = () => {
      const fragment = location.hash.slice(1) || (history.state?.fragment ?? "");
      if (location.hash) history.replaceState({ ...history.state, fragment }, "", location.pathname + location.search);
      setValue(fragment);
    };
    read();
    // Another link that is opened in the same tab changes the fragment alone.
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  useEffect(() => {
    if (ready && value !== null) onRead?.(value);
  }, [ready, value]);
  return h("input", { type: "hidden", name, value: value ?? "", readOnly: true });
}
