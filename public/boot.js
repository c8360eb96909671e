// Starts the page, and says so in the page when it cannot start or has crashed.
// The root's data-state is "loading", "filling", "ready" or "no-data" from the page, "failed" or "crashed" from here,
// and "asking" from the document with somebody else's results while its reader has not agreed to ask for them.
// data-numbers has the signs in numbers where they are not the English ones.
// While data-part is there, the page has the results of the first view alone; while data-upgrading is there, the
// whole program is on its way; while data-dragging, a file is over the page.
// Nothing here depends on the page's own code, so that it works when that code does not.

// Leptos builds its templates through innerHTML, with strings fixed at compile time.
// This policy lets those through and refuses anything that could run; data never passes here.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    if (/<script|\son\w+\s*=|javascript:/i.test(html)) {
      throw new TypeError("refused HTML that could run a script");
    }
    return html;
  },
  // The worker that reads results of the reader's own, the one that keeps the page, and no other script.
  createScriptURL(url) {
    if (url !== readerURL && url !== offline) throw new TypeError("refused a script");
    return url;
  },
});

const root = document.documentElement;
const share = document.getElementById("share");
const { js, wasm, whole, import: reader, offline, other } = document.querySelector("script[data-js]").dataset;
const readerURL = `${reader}-worker.js`;

const url = (path) => new URL(path, document.baseURI);

const asked = new URLSearchParams(location.search);

// Somebody else's results have a document of their own, whose policy lets it ask other hosts; this one's does not.
const isForeign = "foreign" in root.dataset;
const leaves = other && isForeign !== asked.has("data");
if (leaves) location.replace(url(other) + location.search + location.hash);

// Inside another page it begins empty, and says how high it is, whatever becomes of the program.
const isEmbedded = asked.has("embed");
const embedded = isEmbedded && !leaves && import(url(`${whole}-embed.js`)).catch(() => {});

// One line over the page, with one thing to do.
const line = document.getElementById("newer");
function say(words, label, onclick) {
  const button = Object.assign(document.createElement("button"), { className: "button", textContent: label, onclick });
  line.replaceChildren(words, button);
  return button;
}
// late.js may have missed what runs now.
line.replaceChildren();

// What does not come for long is said, with a way to ask again; it may still come.
let late = 0;
let said;
function watched(coming) {
  let isLate = false;
  const patience = setTimeout(() => {
    isLate = true;
    late++;
    // What is said already stays.
    if (!line.firstChild) said = say("Part of this page is still on its way. ", "Reload", () => location.reload());
  }, 15_000);
  return coming.finally(() => {
    clearTimeout(patience);
    if (isLate && !--late && said?.isConnected) line.replaceChildren();
  });
}

function fail(state, reason) {
  if (root.dataset.state === state) return;
  if (state !== "incomplete") root.dataset.state = state;
  share.hidePopover?.();
  const panel = document.getElementById("boot-error");
  if (!panel) return;
  for (const part of panel.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  panel.querySelector("[data-reason]").textContent = reason;
  panel.querySelector("button").onclick = () => location.reload();
  panel.hidden = false;
  panel.scrollIntoView({ block: "nearest" });
}

// A panic hook marks the document; a trap without one (memory, stack) arrives as a runtime error.
new MutationObserver(() => {
  if ("crashed" in root.dataset) fail("crashed", root.dataset.crashed);
}).observe(root, { attributeFilter: ["data-crashed"] });

// What is typed, chosen or pressed in the static page, where nothing answers it yet, is done once it is replaced, and what
// had the focus has it again.
// Radio buttons of one name give way to those that replace them, so that it is noted as it happens.
const isAnswered = () => /^(filling|ready)$/.test(root.dataset.state);
const early = new Map();
const presses = [];
let held;
const field = ({ name, type }) => ({ radio: `[name="${name}"]`, search: "[type=search]", "select-one": "select" })[type];
const find = (of) => document.querySelector(`.controls ${of}`);
const kinds = [".sort", ".group button", ".open-row", ".facet summary", ".icon-button", ".link-button", ".share-button"];
const all = (kind) => [...document.querySelectorAll(`#app ${kind}`)];
function place(button) {
  const kind = kinds.find((kind) => button?.matches(kind));
  return kind && { kind, at: all(kind).indexOf(button) };
}
const note = ({ type, target }) => {
  const of = target.closest("#app .controls") && field(target);
  if (type === "focusin") held = of || place(target);
  else if (of) early.set(of, target);
};
addEventListener("input", note);
addEventListener("focusin", note);
new MutationObserver((_, observer) => {
  if (!isAnswered()) return;
  observer.disconnect();
  removeEventListener("input", note);
  removeEventListener("focusin", note);
  // Which lines are pressed is told before any of it changes them.
  const pressed = presses.map(({ kind, at }) => all(kind)[at]);
  for (const [of, { type, value }] of early) {
    const now = find(type === "radio" ? `${of}[value="${value}"]` : of);
    if (type === "radio") now?.click();
    else if (now) {
      now.value = value;
      now.dispatchEvent(new Event(type === "search" ? "input" : "change", { bubbles: true }));
    }
  }
  for (const button of pressed) button?.click();
  if (!held || document.activeElement !== document.body) return;
  (held.kind ? all(held.kind)[held.at] : (find(`${held}:checked`) ?? find(held)))?.focus();
}).observe(root, { attributeFilter: ["data-state"] });

function onError(error) {
  if (globalThis.WebAssembly && error instanceof WebAssembly.RuntimeError) fail("crashed", root.dataset.crashed || String(error));
}
addEventListener("error", (event) => onError(event.error));
addEventListener("unhandledrejection", (event) => onError(event.reason));

// The program of the first view is small and preloaded. All other views, and what is behind a row, are in the whole
// program.
// It leaves what follows the charts to the static page; where there is none, as while developing, it is of no use.
const others = /^(model|compare|hardware|checks|method|import)$/;
const isFirst = ({ search }) => {
  const choices = new URLSearchParams(search);
  return !isEmbedded && !choices.has("open") && !choices.getAll("view").some((view) => others.test(view));
};
let onlyFirst = isFirst(location) && !hasOwn() && document.querySelector("main");

// Results of the reader's own: in the address, or kept in this browser. Only the whole program shows them, and fills
// the panel that shares a view, which its button opens before any program is here.
function hasOwn() {
  try {
    const isShared = "popover" in share && share.matches(":popover-open");
    return location.search.includes("mine-") || isShared || "tokscope-own" in localStorage;
  } catch {
    return false;
  }
}

// Results by address, for the programs: asked for once, while whoever reads them is on the way, and again after a
// failure, which is a status, the word "cut" or an error of the network, or when a program
// that could not read them has deleted them: then past every cache, which may be what keeps the failure.
const failed = new Set();
const fetched = async (href) => {
  const cache = failed.has(href) ? "reload" : "default";
  failed.add(href);
  const response = await fetch(href, { cache });
  if (!response.ok) throw response.status;
  const bytes = await response.arrayBuffer().catch(() => Promise.reject("cut"));
  failed.delete(href);
  return bytes;
};
let answer = (href) => watched(fetched(href));
// The shards of a large index are asked for all at once. Four of them are on the way at a time, and none any more
// once one has failed. Between two of them a program asks for its next turn, and the browser does what else there is.
let shards = [];
const shard = (href) => {
  const coming = Promise.all(shards.slice(0, -3)).then(() => answer(href));
  // What comes is held by who asked, not by the queue.
  const done = coming.then(() => {});
  done.catch(() => {});
  shards.push(done);
  return coming;
};
// A message, because timers and frames come late or never where nobody looks.
const turn = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(port1.close());
  port2.postMessage(0);
});
globalThis.results = new Proxy({}, {
  get(kept, href) {
    if (href === "turn") return turn();
    kept[href] ??= (href.includes("/") ? shard : answer)(href).catch((error) => {
      delete kept[href];
      shards = [];
      throw error;
    });
    // A shard that failed before its turn is said by the one before it.
    kept[href].catch(() => {});
    return kept[href];
  },
  deleteProperty: (kept, href) => failed.add(href) && delete kept[href],
});
const ahead = (href) => results[href].catch(() => {});

// How the reader's language writes numbers: the sign between thousands, if there is one, and that before decimals.
// The programs begin in English, and the first question about it takes a browser 20 ms.
function askNumbers() {
  if (/^en(-(AU|CA|GB|IE|NZ|US))?$/.test(navigator.language)) return;
  try {
    const parts = new Intl.NumberFormat(navigator.languages).formatToParts(1234567.5);
    const sign = (kind) => parts.find(({ type }) => type === kind)?.value[0] ?? "";
    root.dataset.numbers = sign("group") + sign("decimal");
  } catch {
    // A language of which this browser knows nothing.
  }
}

// Browsers complain about what was asked for ahead and nobody takes, so take it and let it go: unread, unless it is kept
// here, where Firefox complains about that.
function letGo(which) {
  let isKept = false;
  try {
    isKept = navigator.serviceWorker?.controller;
  } catch {
    // A sandbox keeps nothing.
  }
  for (const { href } of document.querySelectorAll(`link[rel=preload]${which}`)) {
    fetch(href).then((answer) => (isKept ? answer.blob() : answer.body.cancel())).catch(() => {});
  }
}

async function begin(path, wasm, styled) {
  // A release has the script of the first program above this one, in the same file.
  const isHere = path === js && typeof __wbg_init === "function";
  const start = isHere ? __wbg_init : (await import(url(path))).default;
  await Promise.all([styled, embedded]);
  const started = start({ module_or_path: url(wasm) });
  // Meanwhile the program is on its way.
  askNumbers();
  await started;
}
const load = (...parts) => watched(begin(...parts));
// The style sheet of the whole program, which may fail alone.
let styled;
const style = () => (styled ??= new Promise((done) => {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${whole}.css` });
  sheet.onload = sheet.onerror = done;
  // Plain is better than never.
  setTimeout(done, 5000);
  document.head.append(sheet);
}));
const loadWhole = async () => {
  ahead("index.json");
  return load(`${whole}.js`, `${whole}_bg.wasm`, style());
};
// Whatever asks for results gets those that the reader agreed to, or waits.
const loadForeign = async () => {
  await watched(Promise.all([style(), embedded]));
  ({ answer } = await watched(import(url(`${whole}-foreign.js`))));
  await results["index.json"];
  await loadWhole();
};

// A view is marked as the one that is shown while its program is still on its way.
const viewOf = ({ search }) => new URLSearchParams(search).get("view");
function mark() {
  const links = [...document.querySelectorAll(".site-bar nav a")];
  const current = links.find((link) => viewOf(link) === viewOf(location));
  if (!current) return;
  for (const link of links) link.removeAttribute("aria-current");
  current.setAttribute("aria-current", "page");
}

// The whole program takes the place of the first one at the same address. It takes the mark away when it has.
async function upgrade() {
  if (!onlyFirst) return;
  onlyFirst = false;
  root.dataset.upgrading = "";
  try {
    await loadWhole();
  } catch (error) {
    if ("crashed" in root.dataset) return;
    // A newer build has other names, and comes whole; else this page stays, without what it could not show.
    if (!isFirst(location)) {
      const page = await fetch(location.href).then((answer) => (answer.ok ? answer.text() : ""), () => "");
      if (page && !page.includes(whole)) return location.reload();
      history.back();
    }
    onlyFirst = true;
    delete root.dataset.upgrading;
    if (root.dataset.state !== "failed") fail("incomplete", String(error));
  }
}
// The first program asks for it when the results are no longer those that it began with, or a chart is very tall.
addEventListener("outgrown", upgrade);
share.addEventListener("toggle", ({ newState }) => newState === "open" && upgrade());
addEventListener("popstate", () => {
  mark();
  if (root.dataset.state === "failed") location.reload();
  else if (!isFirst(location)) upgrade();
});
addEventListener("click", (event) => {
  // As the table has it: not while words are being selected.
  const pressed = event.target.closest("a, button");
  const row = event.target.closest("tr.row");
  // Elsewhere it is not asked what is selected, which has the page laid out.
  const opens = row && (pressed ? pressed.matches(".open-row") : event.detail < 2 && getSelection().isCollapsed);
  const button = opens ? row.querySelector(".open-row") : event.target.closest("button, summary");
  const press = !isAnswered() && place(button);
  // The panel that shares is open by itself.
  if (press && press.kind !== ".share-button") presses.push(press);
  if (opens) upgrade();
  const link = event.target.closest("a[href^='?']");
  const plain = !(event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || !onlyFirst) return;
  // The page that is on its way already; once it has failed, a link to it asks again.
  const isComing = /^(undefined|loading)$/.test(root.dataset.state);
  const isHere = isComing && link.search === location.search && !link.hash;
  if (isFirst(link) && !isHere) return;
  event.preventDefault();
  if (isHere) return;
  history.pushState(null, "", link.href);
  mark();
  upgrade();
});

// Files and texts from the reader wait here until the whole program takes them.
const opened = (globalThis.opened = []);
function open(event, { files }, text = "") {
  if (!files.length && !text) return;
  event.preventDefault();
  opened.push(...(files.length ? files : [text]));
  dispatchEvent(new Event("opened"));
  upgrade();
}
addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  root.dataset.dragging = "";
});
addEventListener("dragleave", (event) => event.relatedTarget || delete root.dataset.dragging);
addEventListener("drop", (event) => {
  delete root.dataset.dragging;
  open(event, event.dataTransfer);
});
addEventListener("paste", (event) => {
  const data = event.clipboardData;
  if (!event.target.closest?.("input, textarea")) open(event, data, data.getData("text").trim());
});

// After a visit the page is here without a network. A newer one is offered, and comes when the reader wants it.
async function stay() {
  const { serviceWorker, connection } = navigator;
  if (!offline) return forget(await serviceWorker.getRegistration());
  if (connection?.saveData) return;
  const kept = await serviceWorker.register(offline);
  let wanted = false;
  const offer = () => say("A newer version of this page is here. ", "Show it", () => {
    wanted = true;
    kept.waiting ? kept.waiting.postMessage("take over") : location.reload();
  });
  // The first one takes the place of none.
  const look = () => kept.waiting && serviceWorker.controller && offer();
  const watch = () => kept.installing?.addEventListener("statechange", look);
  kept.addEventListener("updatefound", watch);
  watch();
  look();
  // Wanted here or on another page.
  serviceWorker.addEventListener("controllerchange", () => (wanted ? location.reload() : offer()));
}
// A build that keeps nothing takes away what one before it kept here.
async function forget(kept) {
  if (kept?.scope !== url("./").href) return;
  await kept.unregister();
  const names = (await caches.keys()).filter((name) => name.startsWith(`tokscope ${kept.scope} `));
  await Promise.all(names.map((name) => caches.delete(name)));
}
// What keeps nothing, such as a private window, a full disk or a sandbox, does without.
// It comes late, so that nobody who has just come waits for what is only kept.
const staying = () => setTimeout(() => stay().catch(() => {}), 5000);
if (!isEmbedded && !leaves) document.readyState === "complete" ? staying() : addEventListener("load", staying);

// Where the reader is, from the first scroll on; or where they were or the address points, unless they go on before.
function keepPlace() {
  let goesOn = false;
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(kind, () => (goesOn = true), { once: true, passive: true });
  }
  import(url(`${whole}-place.js`)).then(({ begin }) => goesOn || begin()).catch(() => {});
}
// Not of somebody else's results, of which nothing is kept.
if (!(isEmbedded || isForeign || leaves)) {
  history.state || location.hash.length > 1 ? keepPlace() : addEventListener("scroll", keepPlace, { once: true });
}

mark();
try {
  if (leaves) {
    // Nothing more is asked for.
  } else if (isForeign) {
    await loadForeign();
  } else if (onlyFirst) {
    // The first view begins with a part of the results, as its program knows by the same rule.
    ahead(location.search ? "index.json" : "first.json");
    if (location.search) letGo("[href$=json]");
    await load(js, wasm);
  } else {
    letGo("");
    await loadWhole();
  }
} catch (error) {
  const blocked = "this browser has no WebAssembly, or its settings block it";
  if (!("crashed" in root.dataset)) fail("failed", globalThis.WebAssembly ? String(error) : blocked);
}
