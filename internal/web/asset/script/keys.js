// Single keys: / find, k record, t today, a clients, n and p the next and previous row, ? help. They do nothing
// while one types, and can be switched off in the settings (WCAG 2.1.4). Ctrl+Enter saves a form.
import { $, $$, body } from "./dom.js";
import { panel } from "./panel.js";

const base = () => body.dataset.base || "";
const typing = (e) => e.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

function record() {
  const row = document.activeElement.closest(".row");
  const link = (row && $("a[data-panel]", row)) || $("a[data-record]");
  if (link) panel.open(link.href);
  else if (body.dataset.client) panel.open(`${base()}/c/${body.dataset.client}/record`);
  else look("record");
}

function look(then) {
  const top = $("#q-top");
  const box = $("#q") || (top && top.offsetParent ? top : null);
  if (!box) {
    location.href = base() + "/find" + (then ? "?then=" + then : "");
    return;
  }
  if (then) {
    const form = box.form;
    let hidden = $("input[name=then]", form);
    if (!hidden) {
      hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = "then";
      form.append(hidden);
    }
    hidden.value = then;
  }
  box.focus();
  box.select();
}

function step(by) {
  const names = $$(".rows .row__name");
  if (!names.length) return;
  const at = names.findIndex((n) => n.closest(".row").contains(document.activeElement));
  names[Math.max(0, Math.min(names.length - 1, at + by))].focus();
}

export function keys() {
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      const form = e.target.closest("form");
      const button = form && $("button[type=submit], button:not([type])", form);
      if (button) button.click();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || body.dataset.keys === "off" || !body.dataset.user) return;
    const open = $("dialog[open]");
    const act = {
      "/": () => look(), k: record, n: () => step(1), p: () => step(-1),
      t: () => (location.href = base() + "/today"), a: () => (location.href = base() + "/clients"),
      "?": () => panel.open(base() + "/help"),
    }[e.key];
    if (act && !open) {
      e.preventDefault();
      act();
    }
  });
}
