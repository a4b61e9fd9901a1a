// One link to the server that outlives its connections; its other end is api/socket_link.py. The socket counts no further
// than the browser's own buffers, and a broken line may not say so for minutes. So what is sent stays here until the server
// has confirmed it: when that takes too long the page says so, connects again, and sends again what has not arrived.
import { useSyncExternalStore } from "react";
import { keep } from "$/public/early.js";

const ROOT = "reflex___state____state", READY = "is_hydrated_rx_state_";
const OWN = /^reflex___state____state\.(reflex___|hydrate|set_is_hydrated)/; // of the framework: it loads the page
const PATIENCE = 3000, MOST_PATIENCE = 60000, LOADING = 10000, AGAIN = 3000, SEEN = 1500, PROBES = 6;

const page = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
let socket, isQueued = () => false, state = { isAway: false, isUnsure: false };
let isLinked = false, isLoading = true, hasBegun = false;
let waiting = [], sent = [], confirmed = 0, got = 0, held = null;
let since = 0, patience = PATIENCE, look, tell, release;
let isAway = false, awaySince = 0, hide, cleared = Promise.resolve();

const listeners = new Set();
const show = (change) => {
  state = { ...state, ...change };
  listeners.forEach((listener) => listener());
};
const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
// A connection is often made at once, and what is seen for a moment only is not understood.
const away = (now) => {
  clearTimeout(hide);
  if (now && !state.isAway) awaySince = Date.now();
  isAway = now;
  if (now) show({ isAway });
  else if (state.isAway) hide = setTimeout(() => show({ isAway }), Math.max(0, awaySince + SEEN - Date.now()));
};
export const useLink = () => useSyncExternalStore(subscribe, () => state, () => state);

// The events that open dialogs, by name: when the page is built again, a dialog that stands open is asked for again.
const openers = new Map();
let opener = null, isReopening = false;
export const opens = (dialog, names = []) => names.forEach((name) => openers.set(name, dialog));
const reopen = () => {
  if (!opener || !document.getElementById(openers.get(opener.name))?.open) return false;
  sent.push(opener);
  socket.emit("event", opener);
  return (isReopening = true);
};

// Typing alone does nothing that could be left undone: what it has told the server is told again, or needs not be.
const typing = new WeakSet();
let isTyping = false;
if (typeof document !== "undefined")
  for (const kind of ["input", "click", "submit"]) addEventListener(kind, () => (isTyping = kind === "input"), true);
const isAct = (event) => !OWN.test(event.name) && !typing.has(event);

export const beSure = () => show({ isUnsure: false });

export const query = () => ({ page, got });

export const attach = (made) => {
  socket = made;
  made.io.on("open", watch);
  made.on("disconnect", () => (isLinked = false));
  made.on("heard", hear);
  made.on("link", link);
  return made;
};

// The first word on each connection: how many events the server has of this page; below zero when it knows the page no more.
const link = (heard) => {
  if (heard >= 0) hear(heard);
  else {
    if (hasBegun) begin();
    if (sent.some(isAct)) show({ isUnsure: true });
    sent = [];
    confirmed = got = 0;
    isLoading = hasBegun = true;
  }
  isLinked = true;
  patience = PATIENCE;
  away(false);
  sent.forEach((event) => socket.emit("event", event));
  flush();
};

const hear = (heard) => {
  sent.splice(0, heard - confirmed);
  confirmed = heard;
  since = Date.now();
};

// What somebody does before the page has loaded its data waits for that: what loads starts over, and would undo it.
export const send = (event) => {
  if (isAway && same(event, waiting.at(-1) ?? sent.at(-1))) return;
  if (!isOwed()) since = Date.now();
  if (openers.has(event.name)) opener = event;
  if (event.name.endsWith(".on_load_internal")) {
    isLoading = true;
    opener = null;
  }
  if (isTyping) typing.add(event);
  waiting.push(event);
  flush();
};
const same = (one, other) => other && JSON.stringify(one) === JSON.stringify(other);

const flush = () => {
  if (!isLinked) return;
  const due = waiting.filter((event) => !isLoading || OWN.test(event.name));
  waiting = waiting.filter((event) => !due.includes(event));
  sent.push(...due);
  due.forEach((event) => socket.emit("event", event));
  watch();
};

// A page that has to be built again gets all of it in one piece: nothing that is open or typed leaves the page meanwhile.
const begin = () => {
  held = {};
  clearTimeout(release);
  release = setTimeout(() => {
    if (!held) return;
    const late = held;
    held = null;
    got -= 1;
    socket.listeners("event").forEach((listener) => listener(late));
  }, LOADING);
};

export const take = (update) => {
  got += 1;
  tell ??= setTimeout(() => {
    tell = undefined;
    if (isLinked) socket.emit("got", got);
  }, 1000);
  const ready = update.delta?.[ROOT]?.[READY];
  if (isLoading) keep();
  if (update.events?.some(isAgain)) {
    update = { ...update, events: update.events.filter((event) => !isAgain(event)) };
    setTimeout(loadAgain, AGAIN * (1 + Math.random()));
  }
  if (held && !isWhole(update, ready)) return { delta: { [ROOT]: { [READY]: false } } };
  if (held) update = held;
  held = null;
  if (ready !== undefined || isReopening) isLoading = !(ready || isReopening);
  isReopening = false;
  if (!isLoading) queueMicrotask(flush);
  return update;
};

// Adds an update to what is held; true when that is all: the page, and the dialog that was open on it.
const isWhole = (update, ready) => {
  held.delta ??= {};
  for (const name in update.delta) held.delta[name] = { ...held.delta[name], ...update.delta[name] };
  held.events = [...(held.events ?? []), ...(update.events ?? [])];
  return isReopening || (ready && !reopen());
};

// What the server leans on was away while this page was loading (state/faults.py).
const isAgain = (event) => event.name === "_load_again";
const loadAgain = () => {
  if (!isLoading || !isLinked) return;
  socket.disconnect();
  socket.reconnect();
};

export const watch = (queued) => {
  if (typeof queued === "function") isQueued = queued;
  if (!isOwed()) since = Date.now();
  look ??= setTimeout(check, patience);
};

const isOwed = () => sent.length || (!isLinked && (waiting.length || isQueued() || socket?.active));

const check = () => {
  look = undefined;
  if (!isOwed()) return;
  const left = since + patience - Date.now();
  if (left <= 0) {
    patience = Math.min(2 * patience, MOST_PATIENCE);
    since = Date.now();
    away(true);
    // One that is being made has a deadline of its own.
    if (socket?.io.engine?.readyState === "open") {
      socket.io.engine.close();
      clear();
    }
  }
  look = setTimeout(check, Math.max(left, 100));
};

// The connections that the browser keeps for other requests are dead too, and it would send the next form over one of them.
// It gives up each that does not answer in time; it has six at most.
const clear = () => {
  const probe = () => fetch("/ping", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).catch(() => {});
  cleared = Promise.all(Array.from({ length: PROBES }, probe));
};

// To be awaited before a form is posted.
export const whenCleared = () => cleared;
