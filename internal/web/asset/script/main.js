// Makes pages quick. Every page works without it: it only spares clicks, keeps what was typed, and fetches
// parts of pages that a link leads to anyway.
import { drafts } from "./draft.js";
import { keys } from "./keys.js";
import { panel } from "./panel.js";
import { lists } from "./lists.js";
import { find } from "./find.js";
import { small } from "./small.js";
import { passkeys } from "./passkey.js";
import { live } from "./live.js";
import { uploads } from "./upload.js";
import { plan } from "./plan.js";

drafts.start();
small(document);
lists(document);
panel.start();
find();
keys();
passkeys(document);
live();
uploads(document);
plan(document);
document.documentElement.dataset.script = "on"; // all listens now: who types earlier is answered by the plain page
