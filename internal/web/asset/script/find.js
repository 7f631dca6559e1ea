// Results while one types: the find page is asked by POST (a name never stands in an address) and its results
// are shown under the field. Arrows move, Enter opens.
import { $, $$, page, word, say } from "./dom.js";

function attach(box) {
  const form = box.form;
  const own = box.id === "q";
  let place = own ? $("#results") : null;
  let timer = 0, asked = 0, sent = "", last = ""; // last: what the hits on show are the answer to
  if (!own) {
    place = document.createElement("div");
    place.className = "topfind__results";
    place.hidden = true;
    form.append(place);
  }
  async function ask() {
    const q = box.value.trim();
    if (q === sent) return;
    sent = q;
    if (q.length < 2) {
      last = "";
      if (!own) place.hidden = true;
      return;
    }
    const mine = ++asked;
    try {
      const { doc } = await page(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "Polku-Part": "results" } });
      if (mine !== asked) return;
      const got = $("#results", doc);
      if (!got) return;
      place.replaceChildren(...got.childNodes);
      place.hidden = false;
      last = q;
      say(word("found").replace("#", $$("a[data-hit]", place).length));
    } catch {
      // Enter still sends the form the ordinary way.
    }
  }
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  form.addEventListener("keydown", (e) => {
    const hits = $$("a[data-hit]", place);
    const at = hits.indexOf(document.activeElement);
    if (e.key === "ArrowDown" && hits.length) {
      e.preventDefault();
      hits[Math.min(at + 1, hits.length - 1)].focus();
    } else if (e.key === "ArrowUp" && at >= 0) {
      e.preventDefault();
      (hits[at - 1] || box).focus();
    } else if (e.key === "Escape") {
      if (!own) place.hidden = true;
      box.focus();
      box.blur();
    } else if (e.key === "Enter" && document.activeElement === box && hits.length && last === box.value.trim() && !place.hidden) {
      e.preventDefault();
      hits[0].click();
    }
  });
  if (!own) {
    document.addEventListener("click", (e) => {
      if (!form.contains(e.target)) place.hidden = true;
    });
  }
}

export function find() {
  $$("[data-find]").forEach(attach);
}
