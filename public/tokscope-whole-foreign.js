// Results of somebody else, at an address that the link names: asked for when the reader says so and never before,
// read within limits, and named as long as they are shown. Nothing of it is stored.
// It gives boot.js what the programs then ask for in the place of the page's own results.

/// The most that is read, in bytes after decompression, of all files together.
const LARGEST = 32 * 1024 * 1024;
// Nothing for so long ends it. Milliseconds.
const PATIENCE = 15_000;
const root = document.documentElement;
const place = document.getElementById("foreign");
const app = document.getElementById("app");
const asked = new URLSearchParams(location.search);
const isEmbedded = asked.has("embed");

// Text stays text: what an address says is never markup.
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const name = (text) => element("bdi", {}, text);
const paragraph = (...children) => element("p", {}, ...children);
const button = (textContent, onclick) => element("button", { type: "button", className: "button", textContent, onclick });
const link = (href, ...words) => element("a", { href, target: "_self" }, ...words);
const mib = (bytes) => `${(bytes / 1_048_576).toFixed(1)} MiB`;

// The way back keeps what does not depend on whose results are shown.
const own = new URLSearchParams([...asked].filter(([word]) => word === "embed" || word === "theme"));
const back = () => link(`./${own.size ? `?${own}` : ""}`, "Show the published results instead");

/// The address to ask, or what is wrong with it.
function sound(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return ["no address of a web page", "one that begins with https://"];
  }
  const { protocol, hostname } = url;
  if (url.username || url.password) return ["a name or a password in it", "an address without"];
  if (protocol === "http:" && hostname === "[::1]") return ["[::1]", "localhost or 127.0.0.1"];
  if (protocol === "http:" && !/^(localhost|127\.0\.0\.1)$/.test(hostname)) {
    return ["http:", "https:, or http: on localhost and 127.0.0.1"];
  }
  if (!/^https?:$/.test(protocol)) return [protocol, "https:"];
  url.hash = "";
  return url;
}

const address = sound(asked.get("data").trim());
const isSound = address instanceof URL;
const host = isSound ? address.host : "";

// Wherever the page says its name.
if (isSound) {
  const whose = `Results of ${host}`;
  document.title = `${whose}, not reviewed · ${document.title.split(" · ").slice(1).join(" · ")}`;
  for (const one of document.querySelectorAll(".site-title h1, #embed-credit strong")) one.textContent = whose;
  asked.set("data", address.href);
  try {
    history.replaceState(history.state, "", `?${asked}${location.hash}`);
  } catch {
    // Refused in some frames: the address stays as it was written.
  }
}

/// Shows one thing in the place of another. In words of its own, until the results are there.
function show(state, heading, ...children) {
  root.dataset.state = state;
  const title = element(isEmbedded ? "h1" : "h2", {}, ...heading);
  // Below the name of the page, where results would be.
  if (app.nextSibling !== place) app.after(place);
  place.replaceChildren(element("main", { className: "foreign", tabIndex: -1 }, title, ...children));
  return place.firstChild;
}

const shown = () => paragraph(element("code", {}, name(isSound ? address.href : asked.get("data"))));
const ways = (...children) => element("p", { className: "foreign-ways" }, ...children);

/// Settles when the reader wants the results.
const consent = () => new Promise((agree) => {
  const facts = [
    ["Nobody who publishes this page has reviewed them, and they are not among its results"],
    [name(host), ", or wherever it keeps them, will see your network address and that this page asks; no cookies are sent"],
    [`At most ${LARGEST / 1_048_576} MiB are read, in this browser, and nothing of it is kept`],
  ];
  show(
    "asking",
    ["Open results of ", name(host), "?"],
    paragraph("This link leads to results of somebody else. Nothing has been asked for yet."),
    shown(),
    element("ul", {}, ...facts.map((words) => element("li", {}, ...words))),
    ways(button(`Open results of ${host}`, agree), back()),
  );
});

/// What went wrong, in words: thrown, and shown with a way on.
class Failure extends Error {
  constructor(words, ...hint) {
    super(words);
    this.hint = hint;
  }
}

const byHand = () => [
  "You can still ",
  element("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" }, "download the file"),
  " and ",
  link("./?view=import", "open it as results of your own"),
  ".",
];

const refusals = {
  401: "it wants you to log in",
  403: "it does not give the file to everybody",
  404: "it has no such file",
  410: "the file is gone",
  429: "it was asked too often; try again later",
};

/// How much was read before: of an index in several files, those that came.
let before = 0;

/// After a failure past every cache, which may be what keeps it.
let cache = "default";

/// A file, as long as it is one that can be results, telling how far it is.
async function fetched(file, tell) {
  const leave = new AbortController();
  tell(0, 0, () => leave.abort("cancelled"));
  addEventListener("pagehide", () => leave.abort("left"), { once: true });
  let idle;
  const wait = () => {
    clearTimeout(idle);
    idle = setTimeout(() => leave.abort("idle"), PATIENCE);
  };
  let done = before;
  let of = 0;
  const broken = () => {
    if (leave.signal.reason === "idle") {
      return new Failure(`nothing came for ${PATIENCE / 1000} seconds`, "The host is slow or the connection is lost.");
    }
    if (leave.signal.aborted) return new Failure("cancelled");
    if (!navigator.onLine) return new Failure("you seem to be offline", "Try again once there is a network.");
  };
  try {
    wait();
    const response = await fetch(file, {
      mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", redirect: "follow", cache, signal: leave.signal,
    }).catch(() => {
      throw broken() ?? new Failure(
        "it cannot be reached, or does not let other pages read this file",
        "Browsers do not say which. A host that lets them sends the header ",
        element("code", {}, "Access-Control-Allow-Origin: *"),
        " with the file. ",
        ...byHand(),
      );
    });
    const { ok, status, headers, body } = response;
    if (!ok) {
      const words = refusals[status] ?? (status < 500 ? "it refuses" : "it has trouble of its own; try again later");
      throw new Failure(`the host answered ${status}: ${words}`);
    }
    of = before + Number(headers.get("content-length"));
    const tooLarge = (found) =>
      new Failure(`found ${found}, expected at most ${mib(LARGEST)}`, "A page cannot take in more. ", ...byHand());
    if (of > LARGEST) throw tooLarge(mib(of));
    // The length is that of what is sent, which may be compressed.
    if (headers.has("content-encoding")) of = 0;
    if (of === before) of = 0;
    const isPage = /^text\/html\b/i.test(headers.get("content-type"));
    const pieces = [];
    const reader = body.getReader();
    for (;;) {
      wait();
      const { value } = await reader.read().catch(() => {
        throw broken() ?? new Failure(`the answer broke off after ${mib(done)}`, "Try again.");
      });
      if (!value) break;
      done += value.length;
      if (done > LARGEST) throw tooLarge(`more than ${mib(LARGEST)}`);
      pieces.push(value);
      tell(done, done <= of ? of : 0);
    }
    const whole = new Blob(pieces);
    const start = (await whole.slice(0, 64).text()).trim();
    if (!start) throw new Failure("found an empty file, expected an index of results");
    if (isPage || start.startsWith("<")) {
      throw new Failure(
        "found a web page, expected an index of results",
        "A page about a file is not the file: look there for a link to the raw one, or ", ...byHand().slice(1),
      );
    }
    before = done;
    return whole.arrayBuffer();
  } catch (error) {
    leave.abort();
    throw error;
  } finally {
    clearTimeout(idle);
  }
}

/// How far it is, for all files in one place.
let meter;
function progress() {
  if (meter?.bar.isConnected) return meter.tell;
  const bar = element("progress", {});
  bar.setAttribute("aria-label", "Results");
  const words = element("span", { className: "note" });
  let stop;
  const cancel = button("Cancel", () => stop());
  show("loading", ["Opening results of ", name(host), "…"], shown(), ways(bar, words, cancel));
  cancel.focus();
  const tell = (done, of, how) => {
    stop = how ?? stop;
    if (of) Object.assign(bar, { max: of, value: done });
    else bar.removeAttribute("value");
    words.textContent = of ? `${mib(done)} of ${mib(of)}` : mib(done);
  };
  meter = { bar, tell };
  return tell;
}

/// What went wrong, and settles when the reader wants to try again.
const failed = (words, hint, again = "Try again") => new Promise((retry) => {
  const reason = element("p", { role: "alert" }, element("strong", {}, "What is wrong: "), `${words}.`);
  const panel = show(
    "no-data",
    ["These results cannot be shown"],
    reason,
    ...(hint.length ? [paragraph(...hint)] : []),
    shown(),
    ways(button(again, retry), back()),
  );
  panel.classList.add("is-failed");
  panel.querySelector("button").focus();
});

/// The results, as often as a program asks: the first time once the reader agrees, and whatever fails until it does not.
/// Files that an index names lie beside it, on the same host, and come one after the other.
let agreed;
let last;
export function answer(href) {
  if (href === "index.json") return given(address, () => (before = 0));
  const file = new URL(href, address);
  if (file.origin !== address.origin) return Promise.reject(new Error("found a file of another host"));
  const start = () => given(file, () => {});
  return (last = Promise.resolve(last).then(start, start));
}

async function given(file, begin) {
  if (!isSound) {
    const [found, expected] = address;
    show(
      "no-data",
      ["This link leads to no results"],
      element("p", { role: "alert" }, `Its part “data” has ${found}, expected ${expected}.`),
      shown(),
      ways(back()),
    ).classList.add("is-failed");
    return new Promise(() => {});
  }
  await (agreed ??= consent());
  for (;;) {
    try {
      begin();
      const bytes = await fetched(file, progress());
      root.dataset.foreign = address.href;
      // Others may follow it, whose way the same panel shows.
      if (file === address) show("loading", ["Opening results of ", name(host), "…"], shown()).focus();
      return bytes;
    } catch (error) {
      cache = "reload";
      const words = error instanceof Failure ? error.message : String(error);
      const named = file === address ? "" : `${file.pathname.split("/").pop()}: `;
      if (words === "cancelled") await consent();
      else await failed(named + words, error.hint ?? []);
    }
  }
}

/// Puts the banner over the page, behind the link that skips it. It goes with a page that another one takes the place of.
function stay() {
  const skip = document.querySelector("#app .skip-link");
  if (skip) skip.after(place);
  else app.before(place);
}

/// Names whose results they are, above them.
function banner() {
  const words = [
    element("strong", {}, "Results of ", name(host), ", not reviewed here"),
    element("code", {}, name(address.href)),
    element("span", { id: "foreign-latest" }, root.dataset.foreignLatest ?? ""),
    back(),
  ];
  const made = element("aside", { className: "foreign-banner" }, ...words);
  made.setAttribute("aria-label", "Whose results these are");
  const hadFocus = place.contains(document.activeElement) || document.activeElement === document.body;
  place.replaceChildren(made);
  stay();
  if (hadFocus) document.querySelector("#app main")?.focus({ preventScroll: true });
}

// The program tells by the root what became of what it was given.
new MutationObserver(async () => {
  const { refused, state } = root.dataset;
  if (refused !== undefined) {
    delete root.dataset.refused;
    cache = "reload";
    const [words, ...hint] = refused.split("\n");
    await failed(words, hint);
    dispatchEvent(new Event("again"));
  } else if (state === "ready") {
    if (!place.querySelector("aside")) banner();
    else if (!place.isConnected) stay();
  }
}).observe(root, { attributeFilter: ["data-state", "data-refused"] });
