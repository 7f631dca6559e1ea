// The plan page: saves while one types, draws signatures, copies texts. Without it the buttons of the page do the same.
import { $, $$ } from "./dom.js";

const PAUSE = 1500; // milliseconds after the last key

// autosave sends a form with data-autosave after a pause. All forms of the page go on from the number that comes back.
function autosave(form) {
  const said = $("[data-autosaved]", form);
  let timer = 0, busy = false, again = false, clash = false;
  const send = async () => {
    if (busy || clash) {
      again = busy;
      return;
    }
    busy = true;
    try {
      const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form)), headers: { "Polku-Part": "autosave" } });
      if (answer.status === 204) {
        $$("input[name=rev]").forEach((rev) => (rev.value = answer.headers.get("Polku-Rev")));
        said.textContent = form.dataset.kept;
        form.dataset.open = "";
      } else {
        clash = answer.status === 409;
        said.textContent = clash ? form.dataset.clash : form.dataset.unkept;
      }
    } catch {
      said.textContent = form.dataset.unkept;
    }
    busy = false;
    if (again) {
      again = false;
      send();
    }
  };
  form.addEventListener("input", () => {
    form.dataset.open = "1";
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  form.addEventListener("submit", () => {
    form.dataset.open = "";
    clearTimeout(timer);
  });
  addEventListener("online", () => form.dataset.open && send());
  addEventListener("beforeunload", (e) => form.dataset.open && e.preventDefault());
}

// pad lets a finger or a mouse draw a signature; what is kept are its points.
function pad(box) {
  const canvas = $("canvas", box), out = $("input[name=strokes]", box), ink = canvas.getContext("2d");
  let strokes = [], drawing = false;
  box.hidden = false;
  const point = (e) => {
    const r = canvas.getBoundingClientRect();
    const within = (v, most) => Math.max(0, Math.min(most, Math.round(v)));
    return [within(((e.clientX - r.left) * canvas.width) / r.width, canvas.width), within(((e.clientY - r.top) * canvas.height) / r.height, canvas.height)];
  };
  const draw = () => {
    ink.clearRect(0, 0, canvas.width, canvas.height);
    ink.lineWidth = 4;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = getComputedStyle(canvas).color;
    for (const s of strokes) {
      ink.beginPath();
      s.forEach(([x, y], i) => (i ? ink.lineTo(x, y) : ink.moveTo(x, y)));
      ink.stroke();
    }
    out.value = strokes.map((s) => s.map(([x, y], i) => (i ? "L" : "M") + x + "," + y).join("")).join("");
  };
  canvas.onpointerdown = (e) => {
    drawing = true;
    canvas.setPointerCapture(e.pointerId);
    strokes.push([point(e)]);
    e.preventDefault();
  };
  canvas.onpointermove = (e) => {
    if (!drawing || out.value.length > 18000) return;
    strokes.at(-1).push(point(e));
    draw();
  };
  canvas.onpointerup = canvas.onpointercancel = () => (drawing = false);
  $("button", box).onclick = () => {
    strokes = [];
    draw();
  };
}

function copying(button) {
  button.hidden = false;
  const words = button.innerHTML;
  button.onclick = async () => {
    await navigator.clipboard.writeText($("#" + button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.innerHTML = words), 2000);
  };
}

export function plan(root) {
  $$("form[data-autosave]", root).forEach(autosave);
  $$("[data-pad]", root).forEach(pad);
  if (navigator.clipboard) $$("[data-copy]", root).forEach(copying);
}
