// How long a page has been waiting, and what it shows once that has become long.
import { createElement as h, useEffect, useState } from "react";

const two = (number) => String(number).padStart(2, "0");

export function Elapsed({ template, ...rest }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const since = Date.now();
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - since) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  const time = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  return h("span", { ...rest, role: "timer" }, template.replace("{time}", time));
}

export function After({ seconds, children, ...rest }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return h("div", { ...rest, role: "status" }, isLate ? children : null);
}
