// What is open stands in the address, so that a reload opens it again; it is no step of the browser's history.
import { useEffect, useRef } from "react";

export function Address({ name, value }) {
  const shown = useRef("");
  useEffect(() => {
    if (value === shown.current) return;
    shown.current = value;
    const address = new URL(location.href);
    value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }, [name, value]);
  return null;
}
