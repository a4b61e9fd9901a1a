// The language of the page: one store on the client, read by every text, so that switching needs no server.
// While prerendering, the build says which of the two prerendered variants it is making.
import { useSyncExternalStore } from "react";

const root = () => document.documentElement;
const read = () => (root().lang.startsWith("en") ? "en" : "zh");
const prerendered =
  typeof document === "undefined" ? (globalThis.process?.env?.PORTAL_PRERENDER_LANGUAGE ?? "zh") : read();
const listeners = new Set();
const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLanguage = () => useSyncExternalStore(subscribe, read, () => prerendered);

export const chooseLanguage = (language) => {
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `lang=${language};path=/;max-age=31536000;samesite=lax${secure}`;
  root().lang = language;
  listeners.forEach((listener) => listener());
};
