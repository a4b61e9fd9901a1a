// How long a page has been waiting, and what it shows once that has become long.
// Waiting begins when it is drawn: what React does after that may come late.
import { createElement as h, useEffect, useMemo, useRef, useState } from "react";

const two = (number) => String(number).padStart(2, "0");

// `start` is for how many seconds it has been waiting when it appears.
export function Elapsed({ template, start = 0, ...rest }) {
  const [seconds, setSeconds] = useState(start);
  const since = useMemo(() => Date.now() - start * 1000, [start]);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - since) / 1000)), 1000);
    return () => clearInterval(timer);
  }, [since]);
  const time = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  return h("span", { ...rest, role: "timer" }, template.replace("{time}", time));
}

export function After({ seconds, children, ...rest }) {
  const [isLate, setLate] = useState(false);
  const due = useMemo(() => Date.now() + seconds * 1000, [seconds]);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), due - Date.now());
    return () => clearTimeout(timer);
  }, [due]);
  return h("div", { ...rest, role: "status" }, isLate ? children : null);
}

// Calls `onTime` again and again while the page is looked at, so that what is waited for shows by itself.
export function Every({ seconds, onTime }) {
  const latest = useRef(onTime);
  useEffect(() => {
    latest.current = onTime;
  });
  useEffect(() => {
    const timer = setInterval(() => document.hidden || latest.current(), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return null;
}

// How long there is still time; `onEnd` happens once when it is over. A new `serial` starts it again with the same seconds.
export function Remaining({ template, seconds, serial, onEnd, ...rest }) {
  const end = useMemo(() => Date.now() + seconds * 1000, [seconds, serial]);
  const [left, setLeft] = useState(seconds);
  const latest = useRef(onEnd);
  useEffect(() => {
    latest.current = onEnd;
  });
  useEffect(() => {
    let hasEnded = false;
    const tick = () => {
      const now = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(now);
      if (now > 0 || hasEnded) return;
      hasEnded = true;
      latest.current?.();
    };
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [end]);
  return h("span", { ...rest, role: "timer" }, template.replace("{time}", `${two(Math.floor(left / 60))}:${two(left % 60)}`));
}
