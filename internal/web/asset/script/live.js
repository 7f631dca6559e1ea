// An open page listens whether it may still be seen. When the session ends it is blanked at once and goes to the
// sign-in page; when the person's rights change it loads again. Hidden pages do not listen: they ask when they are
// shown again, and the first answer is there before anybody can read.
import { body } from "./dom.js";

let source = null;

function shut() {
  if (source) source.close();
  source = null;
}

function blank() {
  shut();
  body.replaceChildren();
}

function open() {
  if (source || document.hidden) return;
  const base = body.dataset.base || "";
  const made = new URLSearchParams({ rights: body.dataset.live, client: body.dataset.client || "", joint: body.dataset.joint || "" });
  source = new EventSource(`${base}/live?${made}`);
  source.addEventListener("over", () => {
    const next = location.pathname.slice(base.length);
    blank();
    location.replace(`${base}/sign-in?next=${encodeURIComponent(next)}`);
  });
  source.addEventListener("changed", () => {
    blank();
    location.reload();
  });
  source.onerror = () => {
    if (source && source.readyState === EventSource.CLOSED) { // refused: the server is stopping or busy
      shut();
      setTimeout(open, 5000);
    }
  };
}

export function live() {
  if (!body.dataset.live || !window.EventSource) return;
  open();
  document.addEventListener("visibilitychange", () => (document.hidden ? shut() : open()));
  addEventListener("pagehide", shut);
}
