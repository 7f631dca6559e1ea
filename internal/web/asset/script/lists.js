// Loads the next part of a list or timeline when its link comes into sight.
import { $, $$, page, word, say } from "./dom.js";

async function more(line) {
  const link = $("a", line);
  if (!link || line.dataset.busy) return;
  line.dataset.busy = "1";
  const text = link.textContent;
  link.textContent = word("loading");
  const kind = line.previousElementSibling?.closest("[data-timeline]") ? "[data-timeline]" : "[data-rows]";
  try {
    const { doc } = await page(link.href, { headers: { "Polku-Part": kind === "[data-rows]" ? "rows" : "timeline" } });
    const from = $(kind, doc);
    const to = kind === "[data-rows]" ? $(kind, line.parentElement) : line.previousElementSibling;
    if (!from || !to) throw new Error("no part");
    const months = new Set($$("[data-month]", to).map((m) => m.dataset.month));
    for (const m of $$("[data-month]", from)) if (months.has(m.dataset.month)) m.remove();
    const n = from.children.length;
    to.append(...from.children);
    const next = $("[data-more]", doc);
    if (next) {
      line.replaceWith(next);
      watch(next);
    } else line.remove();
    say(word("found").replace("#", n));
  } catch {
    link.textContent = text; // the link is still there to be followed by hand
  }
}

const seen = "IntersectionObserver" in window
  ? new IntersectionObserver((es) => es.forEach((e) => e.isIntersecting && more(e.target)), { rootMargin: "600px" })
  : null;

function watch(line) {
  if (seen) seen.observe(line);
}

export function lists(root) {
  $$("[data-more]", root).forEach(watch);
}
document.addEventListener("polku:page", () => lists(document));
