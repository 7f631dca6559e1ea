// Keeps what is typed in a form with data-draft on this machine, by user and form, so that it outlives a lost
// connection, an ended session and a conflict. A draft holds personal data: it is dropped when the server says
// it is saved, at sign-out, when somebody else signs in, and after twelve hours.
import { $, $$, body, word } from "./dom.js";

const PREFIX = "polku.draft.";
const LIFE = 12 * 3600 * 1000;
const SKIP = new Set(["id", "step_id", "corrects", "duty", "password", "password2"]);
const mine = () => PREFIX + (body.dataset.user || "") + ".";

function all() {
  const names = [];
  for (let i = 0; i < localStorage.length; i++) {
    const name = localStorage.key(i);
    if (name.startsWith(PREFIX)) names.push(name);
  }
  return names;
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function fields(form) {
  return [...form.elements].filter((e) => e.name && !SKIP.has(e.name) && e.type !== "hidden" && e.type !== "file" && e.type !== "submit");
}

function values(form) {
  return fields(form).map((e) => [e.name, e.type === "radio" || e.type === "checkbox" ? e.value : "", e.type === "radio" || e.type === "checkbox" ? e.checked : e.value]);
}

function fill(form, saved) {
  for (const [name, value, state] of saved) {
    for (const e of fields(form)) {
      if (e.name !== name) continue;
      if (e.type === "radio" || e.type === "checkbox") {
        if (e.value === value) e.checked = state;
      } else e.value = state;
    }
  }
}

function changed(form) {
  return fields(form).some((e) =>
    e.type === "radio" || e.type === "checkbox" ? e.checked !== e.defaultChecked
      : e.tagName === "SELECT" ? [...e.options].some((o) => o.selected !== o.defaultSelected) && e.selectedIndex > 0
        : e.value !== e.defaultValue);
}

// restore puts a draft back and says so, with a way to start afresh. A form that the server sent back with
// errors or a conflict already holds what was typed and is left alone.
function restore(form) {
  const name = mine() + form.dataset.draft;
  const saved = read(name);
  if (!saved || $(".govuk-error-summary, .conflict", form)) return;
  fill(form, saved.values);
  const note = document.createElement("p");
  note.className = "draft";
  note.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = word("draft");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "link";
  drop.textContent = word("draftDrop");
  drop.onclick = () => {
    localStorage.removeItem(name);
    form.reset();
    note.remove();
  };
  note.append(text, drop);
  form.prepend(note);
}

function watch(form) {
  const name = mine() + form.dataset.draft;
  let timer = 0;
  const keep = () => {
    if (!changed(form)) return;
    try {
      localStorage.setItem(name, JSON.stringify({ at: Date.now(), values: values(form) }));
    } catch {
      // A full or forbidden store: typing goes on, only the safety net is missing.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  });
  form.addEventListener("submit", keep);
  addEventListener("pagehide", keep);
}

export const drafts = {
  // saved drops the drafts that a page says are saved.
  saved(root) {
    for (const e of $$("[data-saved]", root)) if (e.dataset.saved) localStorage.removeItem(mine() + e.dataset.saved);
  },
  forms(root) {
    for (const form of $$("form[data-draft]", root)) {
      restore(form);
      watch(form);
    }
  },
  drop() {
    all().forEach((n) => localStorage.removeItem(n));
  },
  start() {
    try {
      for (const name of all()) {
        const d = read(name);
        const other = body.dataset.user && !name.startsWith(mine());
        if (!d || Date.now() - d.at > LIFE || other) localStorage.removeItem(name);
      }
      if ($("[data-signed-out]")) drafts.drop();
      document.addEventListener("submit", (e) => e.target.matches("[data-sign-out]") && drafts.drop());
      drafts.saved(document);
      drafts.forms(document);
    } catch {
      // No store at all (private mode): nothing is kept.
    }
  },
};
