// Small comforts of forms and menus.
import { $, $$ } from "./dom.js";

const wired = new WeakSet();

// insert puts a phrase where the cursor is, with a blank between; a template stands on lines of its own, and the cursor
// goes to the end of its first line.
function insert(text, phrase, template) {
  const before = text.value.slice(0, text.selectionStart);
  const gap = template ? (/[^\n]$/.test(before) ? "\n" : "") : /[^ \n]$/.test(before) ? " " : "";
  const at = text.selectionStart + gap.length;
  text.setRangeText(gap + phrase, text.selectionStart, text.selectionEnd, "end");
  const line = phrase.indexOf("\n");
  if (template && line > 0) text.setSelectionRange(at + line, at + line);
}

export function small(root) {
  for (const form of $$("form[data-auto]", root)) {
    if (wired.has(form)) continue;
    wired.add(form);
    $$("[data-auto-hide]", form).forEach((b) => (b.hidden = true));
    form.addEventListener("change", () => form.requestSubmit());
  }
  for (const b of $$("[data-print]", root)) b.onclick = () => print();
  for (const row of $$(".quickdays[data-for]", root)) {
    row.hidden = false;
    const scope = row.closest("form, .sprint__one") || document;
    const target = $(`[name="${row.dataset.for}"]`, scope);
    row.onclick = (e) => {
      const b = e.target.closest("button");
      if (b && target) {
        target.value = b.value;
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
  }
  for (const row of $$("[data-phrases]", root)) {
    row.onclick = (e) => {
      const b = e.target.closest("[data-phrase]");
      const text = b && $("textarea[name=text]", b.form);
      if (!text) return;
      e.preventDefault();
      insert(text, b.dataset.phrase, b.hasAttribute("data-template"));
      text.focus();
      text.dispatchEvent(new Event("input", { bubbles: true }));
    };
  }
  const focus = $("[data-focus]", root);
  if (focus) focus.focus();
  for (const all of $$("[data-check-all]", root)) {
    all.hidden = false;
    all.onclick = () => $$(`input[type=checkbox][name="${all.dataset.checkAll}"]`, all.closest("form")).forEach((c) => (c.checked = true));
  }
  for (const t of $$("[data-toast]", root)) setTimeout(() => t.matches(":focus-within, :hover") || t.remove(), 10000);
  for (const p of $$("[data-progress]", root)) setTimeout(() => location.reload(), 1500);
}

// A menu closes when one clicks elsewhere or presses Escape.
document.addEventListener("click", (e) => {
  for (const m of $$("details[data-menu][open]")) if (!m.contains(e.target)) m.open = false;
});
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  for (const m of $$("details[data-menu][open]")) {
    m.open = false;
    $("summary", m).focus();
  }
});
// The theme is tried at once when it is chosen in the settings; the form saves it.
document.addEventListener("change", (e) => {
  if (e.target.name === "theme") document.documentElement.dataset.theme = e.target.value || "auto";
});
document.addEventListener("polku:page", () => small(document));
