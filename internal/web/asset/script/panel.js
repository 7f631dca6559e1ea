// Opens a form in a panel beside the page, so that one does not lose one's place. What the panel shows is the
// main part of the page that the link leads to; sending it follows the server's answer.
import { $, body, page, word, notice } from "./dom.js";
import { drafts } from "./draft.js";
import { small } from "./small.js";
import { notes } from "./note.js";

let box, opener;

function show(doc) {
  const main = $("main", doc);
  if (!main) return false;
  const bar = document.createElement("div");
  bar.className = "panel__bar";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn--quiet btn--s";
  close.textContent = word("close");
  close.onclick = () => box.close();
  bar.append(close);
  const inside = document.createElement("div");
  inside.className = "panel__body";
  inside.append(...main.childNodes);
  box.replaceChildren(bar, inside);
  small(inside);
  drafts.forms(inside);
  notes(inside);
  if (!box.open) box.showModal();
  const first = $("[data-focus]", inside) || $("input:checked", inside) || $("textarea, select, input:not([type=hidden])", inside);
  if (first) first.focus();
  box.scrollTop = 0;
  return true;
}

async function send(form, button) {
  const data = new FormData(form, button);
  const post = form.method.toLowerCase() === "post";
  const url = post ? form.action : form.action.split("?")[0] + "?" + new URLSearchParams(data);
  try {
    const { answer, doc } = await page(url, post ? { method: "POST", body: new URLSearchParams(data), headers: { "Polku-Part": "panel" } } : {});
    if (answer.status === 401 || $("[data-sign-in]", doc)) {
      notice(word("leave"), true);
      return;
    }
    // Saved: the server names the page to go on to, which shows its message and undo.
    const next = answer.headers.get("Polku-Location");
    if (next) {
      if (new URL(next, location.href).pathname === location.pathname) location.reload();
      else location.href = next;
      return;
    }
    if (!show(doc)) location.reload();
  } catch {
    notice(word("offline"), true);
  }
}

export const panel = {
  async open(url) {
    opener = document.activeElement;
    body.setAttribute("aria-busy", "true");
    try {
      const { doc } = await page(url);
      if ($("[data-sign-in]", doc) || !show(doc)) location.href = url;
    } catch {
      notice(word("offline"), true);
    } finally {
      body.removeAttribute("aria-busy");
    }
  },
  start() {
    box = $("#panel");
    document.addEventListener("click", (e) => {
      const a = e.target.closest("a[data-panel]");
      if (a && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) {
        e.preventDefault();
        panel.open(a.href);
      }
      if (box.open && e.target.closest("#panel [data-close]")) {
        e.preventDefault();
        box.close();
      }
      if (e.target === box) box.close();
    });
    box.addEventListener("close", () => {
      box.replaceChildren();
      if (opener && opener.isConnected) opener.focus();
    });
    box.addEventListener("submit", (e) => {
      if (e.target.enctype === "multipart/form-data") return;
      e.preventDefault();
      send(e.target, e.submitter);
    });
    // A form on its own page: when the network is down, the text stays and the page does too.
    document.addEventListener("submit", (e) => {
      if (e.target.dataset.draft && !navigator.onLine) {
        e.preventDefault();
        notice(word("offline"), true);
      }
    });
  },
};
