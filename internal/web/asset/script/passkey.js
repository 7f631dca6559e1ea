// Passkeys: a form with data-passkey asks the server what to sign, has the browser sign it, and is then sent as any
// form. Where the browser knows no passkeys the form stays hidden.
import { $, $$, notice } from "./dom.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// understood turns the server's options into what the browser takes: texts into bytes.
function understood(o) {
  o.challenge = bytes(o.challenge);
  if (o.user) o.user.id = bytes(o.user.id);
  for (const list of [o.excludeCredentials, o.allowCredentials]) for (const c of list || []) c.id = bytes(c.id);
  return o;
}

// written turns the browser's answer into what the server takes.
function written(c) {
  const r = c.response;
  const response = { clientDataJSON: text(r.clientDataJSON) };
  if (r.attestationObject) {
    response.attestationObject = text(r.attestationObject);
    response.transports = r.getTransports ? r.getTransports() : [];
  } else {
    response.authenticatorData = text(r.authenticatorData);
    response.signature = text(r.signature);
    if (r.userHandle) response.userHandle = text(r.userHandle);
  }
  return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, clientExtensionResults: c.getClientExtensionResults(), response });
}

async function sign(form) {
  const asked = await fetch(form.dataset.ask, { method: "POST", credentials: "same-origin" });
  if (!asked.ok) throw new Error("not asked");
  const publicKey = understood((await asked.json()).publicKey);
  const answer = await navigator.credentials[form.dataset.passkey]({ publicKey });
  $("input[name=answer]", form).value = written(answer);
  form.submit();
}

export function passkeys(root) {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  for (const form of $$("form[data-passkey]", root)) {
    form.hidden = false;
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      sign(form).catch(() => notice(form.dataset.failed, true));
    });
  }
  for (const e of $$("[data-no-passkey]", root)) e.hidden = true;
}
