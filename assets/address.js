// What is open stands in the address, so that a reload opens it again; it is no step of the browser's history. A page
// that waits for its data (after the connection was lost, say) does not know yet what is open: its address stays.
import { useEffect, useRef } from "react";

export function Address({ hydrated, name, value }) {
  const shown = useRef("");
  useEffect(() => {
    if (!hydrated || value === shown.current) return;
    shown.current = value;
    const address = new URL(location.href);
    value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }, [hydrated, name, value]);
  return null;
}
