// The boundary around every page. What it catches gets a number, which the person sees and the server logs.
import { Component, createContext, createElement as h, useContext } from "react";

const Number = createContext("");

export class FaultBoundary extends Component {
  state = { number: "" };

  static getDerivedStateFromError() {
    const bytes = crypto.getRandomValues(new Uint8Array(6));
    return { number: `e-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}` };
  }

  componentDidCatch(error, info) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    this.props.onError?.({ name: `[${this.state.number}] ${name}`, message, stack }, info);
  }

  render() {
    const { number } = this.state;
    return number ? h(Number.Provider, { value: number }, this.props.fallback) : this.props.children;
  }
}

export const FaultNumber = () => h("span", { className: "gc-mono" }, useContext(Number));

const acts = { reload: () => location.reload(), back: () => history.back() };
export const PageButton = ({ act, children, ...rest }) =>
  h("button", { ...rest, type: "button", onClick: acts[act] }, children);
