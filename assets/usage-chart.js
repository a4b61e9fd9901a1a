// The chart of 使用统计: drawn by recharts, which is fetched when a chart is first shown and by no other page.
import { createElement as h, lazy, Suspense } from "react";
import { useLanguage } from "$/public/i18n.js";

const Bars = lazy(() => import("$/public/usage-bars.js"));

export function UsageChart({ points, color, summary, className }) {
  const language = useLanguage();
  return h(
    "div",
    { className, role: "img", "aria-label": summary },
    h(
      "div",
      { "aria-hidden": true },
      h(Suspense, { fallback: h("span", { className: "gc-bone" }) }, h(Bars, { points, color, language })),
    ),
  );
}
