// The only script of participants' pages: passkeys, on the two pages that offer them.
import { passkeys } from "./passkey.js";

passkeys(document);
