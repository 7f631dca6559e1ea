// Sends files one by one, so that each shows how far it is and what was wrong with it; takes those that are dropped. Without
// script the form sends them all at once.
import { $, $$, say } from "./dom.js";

// line is one file on its way.
function line(list, name, words) {
  const li = document.createElement("li");
  const title = document.createElement("span");
  title.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", words.busy + " " + name);
  const state = document.createElement("small");
  state.textContent = words.busy;
  li.append(title, bar, state);
  list.append(li);
  return {
    part: (n) => (bar.value = n),
    end(text, failed) {
      bar.remove();
      state.textContent = text;
      li.className = failed ? "ups__bad" : "ups__ok";
      if (failed) say(name + ": " + text);
    },
  };
}

function sendOne(form, file, shown, words) {
  return new Promise((resolve) => {
    const data = new FormData();
    for (const e of form.elements) {
      if (e.name && e.type !== "file" && e.type !== "submit" && (!/radio|checkbox/.test(e.type) || e.checked)) data.append(e.name, e.value);
    }
    data.append("file", file, file.name);
    const r = new XMLHttpRequest();
    r.open("POST", form.action);
    r.setRequestHeader("Polku-Part", "upload");
    r.upload.onprogress = (e) => e.lengthComputable && shown.part((100 * e.loaded) / e.total);
    r.onload = () => {
      const ok = r.status === 204;
      shown.end(ok ? words.done : /^text\/plain/.test(r.getResponseHeader("Content-Type") || "") ? r.responseText : words.failed, !ok);
      resolve(ok);
    };
    r.onerror = () => {
      shown.end(words.failed, true);
      resolve(false);
    };
    r.send(data);
  });
}

async function sendAll(form, files) {
  const words = form.dataset;
  const list = $("[data-ups]", form);
  list.replaceChildren();
  form.setAttribute("aria-busy", "true");
  let all = true;
  for (const file of files) all = (await sendOne(form, file, line(list, file.name, words), words)) && all;
  form.removeAttribute("aria-busy");
  for (const input of $$("input[type=file]", form)) input.value = "";
  if (!all) return;
  const back = form.elements.back.value;
  if (back && back.startsWith("/c/")) location.href = back;
  else location.reload();
}

export function uploads(root) {
  for (const form of $$("form[data-upload]", root)) {
    const drop = $("[data-drop]", form);
    $("[data-drop-here]", form).hidden = !matchMedia("(pointer: fine)").matches;
    $("[data-upload-go]", form).hidden = true;
    const start = (files) => files.length && !form.hasAttribute("aria-busy") && sendAll(form, [...files]);
    for (const input of $$("input[type=file]", form)) input.onchange = () => start(input.files);
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      start($$("input[type=file]", form).flatMap((i) => [...i.files]));
    });
    drop.ondragover = (e) => {
      e.preventDefault();
      drop.classList.add("drop--over");
    };
    drop.ondragleave = () => drop.classList.remove("drop--over");
    drop.ondrop = (e) => {
      e.preventDefault();
      drop.classList.remove("drop--over");
      start(e.dataTransfer.files);
    };
  }
}
document.addEventListener("polku:page", () => uploads(document));
