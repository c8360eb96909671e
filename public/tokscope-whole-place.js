// Where the reader is on the page, noted with each step of the history: a reload, Back, Forward and another width of the
// window come back to it. What browsers keep is how far a page was scrolled, and that is somewhere else once what is
// above has another height, as rows and charts have that were not laid out before.
// A place is an element near the reader's eyes and how far its upper edge is below that of the screen: in pixels, or
// where it is above, which is negative, in heights of its own. "40 #frame-speed-range", "-0.5 #rows > [aria-rowindex='7']".

const { dataset } = document.documentElement;
// As scroll.rs has it.
const AT_REST = 100;
// How many frames nothing has to move in.
const STILL = 20;

function name(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.matches("#rows > [aria-rowindex]")) return `#rows > [aria-rowindex="${element.ariaRowIndex}"]`;
  return `${name(element.parentElement)} > :nth-child(${[...element.parentElement.children].indexOf(element) + 1})`;
}

function here() {
  let found = scrollY > 0 && document.getElementById("content");
  if (!found) return null;
  const eyes = innerHeight / 4;
  const place = (element) => element.getBoundingClientRect();
  // What is small enough says enough, and so does a chart.
  while (place(found).height > innerHeight / 2 && !found.matches(".chart-frame")) {
    const above = [...found.children].filter((child) => place(child).height && place(child).top <= eyes);
    const next = above.find((child) => place(child).bottom > eyes) ?? above.at(-1);
    if (!next) break;
    found = next;
  }
  const { top, height } = place(found);
  return `${top < 0 ? top / height : top} ${name(found)}`;
}

// The element of a place, if it has one on the screen. Of a long table there are the rows near the screen: another one is as
// far from these as rows of their height take.
function placeOf(selector) {
  const element = document.querySelector(selector);
  const isThere = (one) => one.checkVisibility?.({ contentVisibilityAuto: true }) ?? true;
  if (element && isThere(element)) return element.getBoundingClientRect();
  // What browsers leave out is there a frame after what it is in.
  let around = element?.parentElement;
  while (around && !isThere(around)) around = around.parentElement;
  around?.scrollIntoView({ behavior: "instant" });
  if (element) return;
  const [, number] = /^#rows > .*"(\d+)"/.exec(selector) ?? [];
  const rows = number && document.querySelectorAll("#rows > .row");
  if (!rows?.length) return;
  const first = rows[0].getBoundingClientRect();
  const height = (rows[rows.length - 1].getBoundingClientRect().bottom - first.top) / rows.length;
  return { top: first.top + (number - rows[0].ariaRowIndex) * height, height };
}

let timer;
function note() {
  clearTimeout(timer);
  timer = undefined;
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

// Each coming back ends the one before, and so does the reader who does anything.
let turn = 0;
let isComing = false;
function stop() {
  turn++;
  isComing = false;
}

function comeBack(to) {
  stop();
  if (typeof to !== "string") return;
  const mine = turn;
  const [wanted, selector] = [parseFloat(to), to.slice(to.indexOf(" ") + 1)];
  isComing = true;
  let still = 0;
  const step = () => {
    if (mine !== turn) return;
    const { state, rows, charts, upgrading } = dataset;
    const before = scrollY;
    const place = placeOf(selector);
    const away = place ? place.top - wanted * (wanted < 0 ? place.height : 1) : 0;
    if (Math.abs(away) >= 1) scrollBy({ top: away, behavior: "instant" });
    const isMoving = scrollY !== before || rows || charts || upgrading !== undefined || /^(undefined|loading|filling)$/.test(state);
    still = isMoving ? 0 : still + 1;
    if (still < STILL) requestAnimationFrame(step);
    else stop();
  };
  requestAnimationFrame(step);
}

for (const kind of ["wheel", "touchmove", "pointerdown", "keydown", "click"]) {
  // What was scrolled just now is noted before a step is added to the history.
  addEventListener(kind, () => (stop(), timer && note()), { capture: true, passive: true });
}
function later() {
  if (isComing) return;
  clearTimeout(timer);
  timer = setTimeout(note, AT_REST);
}
for (const kind of ["scroll", "click", "change"]) addEventListener(kind, later);
addEventListener("popstate", ({ state }) => {
  clearTimeout(timer);
  comeBack(state);
});
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  comeBack(history.state);
});
comeBack(history.state);
// The scroll that this came with.
later();
