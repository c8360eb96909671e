// Runs in the page: acts as a reader would, and times each act.
//
// The time is that from dispatching the event to the second animation frame after it: the frame
// with the answer has then been handed on for the screen, and another one has begun. It is never
// below one frame (16.7 ms at 60 Hz). Afterwards it waits until nothing is left to do.
const root = document.documentElement;
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const idle = () => new Promise((resolve) => requestIdleCallback(resolve));

async function settled() {
  for (let turn = 0; turn < 3; turn += 1) {
    await frame();
    await idle();
  }
}

// Until the rows below the screen and the charts that are far from it are there, too.
async function followed() {
  while ("rows" in root.dataset || "charts" in root.dataset) await frame();
  await settled();
}

async function timed(act) {
  const start = performance.now();
  act();
  await frame();
  await frame();
  const painted = performance.now() - start;
  await settled();
  return painted;
}

const find = (selector) => {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`nothing matches ${selector}`);
  return element;
};
const all = (selector) => [...document.querySelectorAll(selector)];
const pick = (list, turn) => list[turn % list.length];
const put = (field, value, kind) => {
  field.value = value;
  field.dispatchEvent(new Event(kind, { bubbles: true }));
};

// Each act by its turn, so that none finds things as it left them.
const words = ["q", "qw", "qwe", "qwen", "qwen vulkan", "qwen vul", "4b", ""];
const ACTS = {
  "nothing": () => {},
  "sort by variant": () => find("th.column-variant button").click(),
  "sort by metric": () => find("th.column-metric button").click(),
  "filter by a rig": (turn) => {
    const boxes = all("details.facet:first-of-type .option:not(.is-empty) input");
    const ticked = boxes.find((box) => box.checked);
    (ticked ?? pick(boxes, turn)).click();
  },
  "search by text": (turn) => put(find("input[type=search]"), pick(words, turn), "input"),
  "choose a shape": (turn) => pick(all(".toggle-option:not(.is-empty) input[name=shape]"), turn + 1).click(),
  "choose a metric": (turn) => pick(all("input[name=metric]"), turn + 1).click(),
  "choose a grouping": (turn) => {
    const field = find(".group-by select");
    put(field, pick([...field.options], turn + 1).value, "change");
  },
  "open or close a row": () => find("tr.row .open-row").click(),
  "jump down the page": (turn) => {
    const height = find(".results-table").getBoundingClientRect().height;
    scrollTo(0, height * ((turn * 0.37 + 0.2) % 1));
  },
};

async function measure(name, turn) {
  const painted = await timed(() => ACTS[name](turn));
  if (name.startsWith("jump") && !all(".lines > tr").some(isOnScreen)) {
    throw new Error("nothing is drawn where the page was scrolled to");
  }
  return painted;
}

function isOnScreen(line) {
  const { top, bottom } = line.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

// Looks at every frame until it is asked what it saw: how many there were, how many refreshes of the screen went by
// without one, and how many showed no row where the table is. A message comes behind the frame that it is sent in.
function watch() {
  const seen = { frames: 0, missed: 0, empty: 0 };
  const behind = new MessageChannel();
  behind.port1.onmessage = () => {
    const middle = innerHeight / 2;
    const { top, bottom } = find(".results-table").getBoundingClientRect();
    const isRow = document.elementFromPoint(innerWidth / 2, middle)?.closest(".lines > tr");
    if (top + 100 < middle && bottom - 100 > middle && !isRow) seen.empty += 1;
  };
  let last = 0;
  let isOn = true;
  const look = (now) => {
    if (last) {
      seen.frames += 1;
      seen.missed += Math.max(0, Math.round((now - last) / (1000 / 60)) - 1);
    }
    last = now;
    behind.port2.postMessage(null);
    if (isOn) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return () => {
    isOn = false;
    return seen;
  };
}

// Draws a chart anew, several times, and counts the texts that were drawn, once in the first turn of each act.
const WAYS = {
  "nothing": () => {},
  "other colours": (turn) => {
    root.dataset.hostTheme = turn % 2 ? "light" : "dark";
    dispatchEvent(new Event("hosttheme"));
  },
  "another width": (turn) => { find(".charts").style.width = turn % 2 ? "900px" : "1000px"; },
  "another metric": (turn) => {
    const query = new URLSearchParams(location.search);
    query.set("metric", turn % 2 ? "decode" : "prefill");
    history.replaceState(null, "", `?${query}`);
    dispatchEvent(new PopStateEvent("popstate"));
  },
  "another metric, by its button": (turn) => all("input[name=metric]")[(turn + 1) % 2].click(),
};
const drawnBefore = new Set();

async function redraw(name, times) {
  const { prototype } = CanvasRenderingContext2D;
  const { fillText } = prototype;
  let texts = 0;
  if (!drawnBefore.has(name)) {
    find("#workloads, .charts").scrollIntoView();
    await settled();
    prototype.fillText = function (...all) {
      texts += 1;
      fillText.apply(this, all);
    };
  }
  for (let turn = 0; turn < times; turn += 1) {
    WAYS[name](turn);
    await settled();
    while ("charts" in root.dataset) await frame();
    await settled();
  }
  prototype.fillText = fillText;
  drawnBefore.add(name);
  return texts / times;
}
