// Short words for what every module does.
export const $ = (sel, root = document) => root.querySelector(sel);
export const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];
export const body = document.body;
export const word = (name) => $("#words").dataset[name] || "";

// say tells a screen reader something, politely.
export function say(text) {
  const live = $("#live");
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = text));
}

// page fetches a page and gives it parsed. It throws when the network is down.
export async function page(url, options = {}) {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  const html = await answer.text();
  return { answer, doc: new DOMParser().parseFromString(html, "text/html") };
}

// notice shows a line of text at the foot of the page, as the server's own messages do.
export function notice(text, problem = false) {
  $$("[data-notice]").forEach((n) => n.remove());
  const box = document.createElement("div");
  box.className = "toast" + (problem ? " toast--problem" : "");
  box.setAttribute("role", problem ? "alert" : "status");
  box.dataset.notice = "";
  const p = document.createElement("p");
  p.textContent = text;
  box.append(p);
  ($("dialog[open]") || body).append(box);
  setTimeout(() => box.remove(), 10000);
}
