// Every page loads this; each module does one thing.
import "./clocks.js";
import "./dialogs.js";
import "./drafts.js";
import "./keys.js";
import "./palette.js";
import "./tickets.js";
import "./desk.js";
import "./live.js";
import "./here.js";

// From here on keys do something.
document.body.dataset.ready = "";
