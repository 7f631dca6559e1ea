// Helps to write a note: shows what is known already and need not be written, hints at what could be plainer, and offers
// topics that the words speak of. It never changes the text.
import { $, $$ } from "./dom.js";

const PAUSE = 1200;

function facts(form) {
  const box = $("[data-facts]", form);
  if (!box) return;
  const chosen = (name) => $$(`[name="${name}"]:checked + span`, form).map((s) => s.textContent.trim());
  const minutes = form.elements.minutes && form.elements.minutes.value;
  const all = [...chosen("what"), ...chosen("when"), minutes && minutes + " min", box.dataset.who, ...chosen("topic")].filter(Boolean);
  const list = $("[data-facts-list]", box);
  list.replaceChildren(...all.map((t) => {
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.textContent = t;
    return tag;
  }));
  box.hidden = all.length === 0;
}

async function ask(form, text) {
  const data = new URLSearchParams({ text: text.value });
  for (const c of $$('[name="topic"]:not(:checked)', form)) {
    data.append("topic_id", c.value);
    data.append("topic_name", c.nextElementSibling.textContent.trim());
  }
  try {
    const answer = await fetch(text.dataset.hints, { method: "POST", body: data, credentials: "same-origin" });
    if (!answer.ok) return;
    const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    $("[data-hints-box]", form).replaceChildren(...doc.body.childNodes);
  } catch {
    // No line: the hints wait, the writing does not.
  }
}

export function notes(root) {
  for (const text of $$("textarea[data-hints]", root)) {
    const form = text.form;
    let timer = 0;
    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => text.value.length > 15 && ask(form, text), PAUSE);
    });
    $("[data-hints-go]", form).onclick = (e) => {
      e.preventDefault();
      ask(form, text);
    };
    $("[data-hints-box]", form).addEventListener("click", (e) => {
      const b = e.target.closest("[data-topic]");
      const box = b && $$('[name="topic"]', form).find((c) => c.value === b.dataset.topic);
      if (!box) return;
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      box.dispatchEvent(new Event("input", { bubbles: true }));
      b.remove();
    });
    form.addEventListener("change", () => facts(form));
    facts(form);
  }
}
