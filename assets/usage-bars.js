// One series as bars, in the colours of the theme; nothing moves.
import { createElement as h } from "react";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

const LABELS = 6;
const tick = { fill: "var(--t3)", fontSize: 12 };

const Tip = ({ active, payload }) =>
  active && payload?.length
    ? h(
        "div",
        { className: "gc-chart-tip" },
        h("b", null, payload[0].payload.day),
        h("span", null, payload[0].payload.text),
      )
    : null;

export default function UsageBars({ points, color, language }) {
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  return h(
    ResponsiveContainer,
    { width: "100%", height: "100%" },
    h(
      BarChart,
      { data: points, margin: { top: 8, right: 0, bottom: 0, left: 0 }, barCategoryGap: "16%", accessibilityLayer: false },
      h(CartesianGrid, { vertical: false, stroke: "var(--line)" }),
      h(XAxis, {
        dataKey: "label",
        tick,
        tickLine: false,
        axisLine: { stroke: "var(--line-2)" },
        interval: Math.max(0, Math.ceil(points.length / LABELS) - 1),
      }),
      h(YAxis, { tick, tickLine: false, axisLine: false, tickFormatter: (value) => short.format(value), width: 52, allowDecimals: false }),
      h(Tooltip, { content: h(Tip), cursor: { fill: "var(--gray-a3)" }, isAnimationActive: false }),
      h(Bar, { dataKey: "value", fill: color, radius: [3, 3, 0, 0], maxBarSize: 28, isAnimationActive: false }),
    ),
  );
}
