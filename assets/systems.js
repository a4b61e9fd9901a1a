// Tabs by the ARIA pattern: arrows, Home and End move; the chosen one stands behind the # of the address.
import { Children, createElement as h, Fragment, useEffect, useRef, useState } from "react";

export function Systems({ names, labels, icons, label, children }) {
  const [at, setAt] = useState(0);
  const list = useRef(null);
  useEffect(() => {
    const asked = names.indexOf(location.hash.slice(1));
    if (asked >= 0) setAt(asked);
  }, []);
  const choose = (index) => {
    setAt(index);
    history.replaceState(history.state, "", `#${names[index]}`);
  };
  const press = (event) => {
    const last = names.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
    list.current.children[to].focus();
  };
  return h(
    Fragment,
    null,
    h(
      "div",
      { ref: list, role: "tablist", "aria-label": label, className: "gc-systems", onKeyDown: press, "data-scrolls": "" },
      names.map((name, i) =>
        h(
          "button",
          {
            key: name,
            id: `tab-${name}`,
            type: "button",
            role: "tab",
            "aria-selected": i === at,
            "aria-controls": `panel-${name}`,
            tabIndex: i === at ? 0 : -1,
            onClick: () => choose(i),
          },
          icons[i],
          labels[i],
        ),
      ),
    ),
    Children.toArray(children).map((panel, i) =>
      h(
        "div",
        { key: names[i], id: `panel-${names[i]}`, role: "tabpanel", "aria-labelledby": `tab-${names[i]}`, hidden: i !== at },
        panel,
      ),
    ),
  );
}
