// Where the reader is on the page, noted with each step of the history: a reload, Back, Forward and another width of the
// window come back to it. What browsers keep is how far a page was scrolled, and that is somewhere else once what is
// above has another height, as rows and charts have that were not laid out before.
// A place is how far the page is scrolled, and an element near the reader's eyes with how far its upper edge is below that
// of the screen: in pixels, or where it is above, which is negative, in heights of its own. "9600 40 #frame-speed-range",
// "800 -0.5 .lines > [aria-rowindex='7']".

const { dataset } = document.documentElement;
// Milliseconds: until the page is at rest, as scroll.rs has it; in which nothing has to move any more, for longer than it
// takes lines to follow; and after which it may.
const AT_REST = 100;
const QUIET = 300;
const LONG = 3000;

function name(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.matches(".lines > [aria-rowindex]")) return `.lines > [aria-rowindex="${element.ariaRowIndex}"]`;
  return `${name(element.parentElement)} > :nth-child(${[...element.parentElement.children].indexOf(element) + 1})`;
}

function here() {
  let found = scrollY > 0 && document.getElementById("content");
  if (!found) return null;
  const eyes = innerHeight / 4;
  const place = (element) => element.getBoundingClientRect();
  // What is small enough says enough, and so does a chart.
  while (place(found).height > innerHeight / 2 && !found.matches(".chart-frame")) {
    let next;
    for (const child of found.children) {
      const { height, top, bottom } = place(child);
      if (height && top <= eyes) next = child;
      if (next === child && bottom > eyes) break;
    }
    if (!next) break;
    found = next;
  }
  const { top, height } = place(found);
  return `${scrollY} ${top < 0 ? top / height : top} ${name(found)}`;
}

// Where the element of a place is, or what it is in while browsers leave it out: then it is there a frame later. Of a long
// table there are the rows near the screen: another one is as far from these as rows of their height take.
function placeOf(selector) {
  let element = document.querySelector(`${selector}:not([hidden], [data-waits] *)`);
  while (element && !element.checkVisibility({ contentVisibilityAuto: true })) element = element.parentElement;
  if (element) return element.getBoundingClientRect();
  const [, number] = /^\.lines > .*"(\d+)"/.exec(selector) ?? [];
  const rows = number ? [...document.querySelectorAll(".lines:not([data-waits]) > .row")] : [];
  if (!rows.length) return;
  const first = rows[0].getBoundingClientRect();
  const height = (rows.at(-1).getBoundingClientRect().bottom - first.top) / rows.length;
  const last = rows[0].closest("table").ariaRowCount;
  return { top: first.top + (Math.min(number, last) - rows[0].ariaRowIndex) * height, height };
}

let timer;
function forget() {
  clearTimeout(timer);
  timer = undefined;
}
function note() {
  forget();
  try {
    const now = here();
    if (now === history.state) return;
    history.replaceState(now, "");
    // What is above may still get its height.
    later();
  } catch {
    // A browser that takes no more notes for now, or none.
  }
}

// The coming back that goes on: the next one ends it, and so does a reader who does anything.
let coming;
const stop = () => (coming = undefined);
function later() {
  if (coming) return;
  forget();
  timer = setTimeout(note, AT_REST);
}

// To what is noted, or where an address points that was followed: among what is still to come.
export function begin() {
  const { hash } = location;
  const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (history.state) comeBack(history.state);
  else if (isNew && hash.length > 1) {
    const { scrollPaddingTop } = getComputedStyle(document.documentElement);
    comeBack(`0 ${parseFloat(scrollPaddingTop) || 0} #${CSS.escape(decodeURIComponent(hash.slice(1)))}`);
  }
}

function comeBack(to) {
  stop();
  forget();
  if (typeof to !== "string") return;
  const mine = (coming = {});
  const [restored, wanted, ...steps] = to.split(" ");
  const selector = steps.join(" ");
  let ready;
  let moved;
  let before;
  let undone;
  const step = (now) => {
    if (mine !== coming) return;
    const { state, rows, charts, upgrading } = dataset;
    // What failed says so, and may be on the screen for that.
    const isSaid = /^(asking|no-data|failed|crashed)$/.test(state) || document.getElementById("boot-error")?.hidden === false;
    if (isSaid) return stop();
    const isReady = state === "ready" && upgrading === undefined && document.readyState === "complete";
    if (isReady) ready ??= now;
    const from = scrollY;
    const place = placeOf(selector);
    // There are other ways to scroll. What grows above has browsers scroll along, and moves this as far in the page; and
    // browsers come to what they have kept, as far as the page is high by then, or take back what was scrolled here.
    const high = document.documentElement.scrollHeight;
    const by = before && from - before.from;
    const isElsewhere = Math.abs(by) >= 1 && Math.abs(from + place?.top - before.at) < Math.abs(by) / 2;
    const isOfBrowser = high !== before?.high || [restored, undone].some((other) => Math.abs(from - other) < 1);
    if (isReady && isElsewhere && !isOfBrowser) return stop();
    const away = place ? place.top - wanted * (wanted < 0 ? place.height : 1) : 0;
    if (Math.abs(away) >= 1) {
      undone = from;
      scrollBy(0, away);
    }
    before = { from: scrollY, at: from + place?.top, high };
    if (!isReady || rows || charts || scrollY !== from) moved = now;
    if (now - moved < QUIET && !(now - ready > LONG)) requestAnimationFrame(step);
    else stop();
  };
  requestAnimationFrame((now) => {
    moved = now;
    step(now);
  });
}

for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  addEventListener(kind, stop, { capture: true, passive: true });
}
for (const kind of ["click", "change"]) {
  addEventListener(kind, () => {
    stop();
    // Before a step is added to the history.
    if (timer) note();
  }, true);
}
for (const kind of ["scroll", "click", "change"]) addEventListener(kind, later);
addEventListener("popstate", ({ state }) => comeBack(state));
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  comeBack(history.state);
});
// The scroll that this came with.
later();
