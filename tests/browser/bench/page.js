// Runs in the page: acts as a reader would, and times each act.
//
// The time is that from dispatching the event to the second animation frame after it: the frame
// with the answer has then been handed on for the screen, and another one has begun. It is never
// below one frame (16.7 ms at 60 Hz). Afterwards it waits until nothing is left to do.
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const idle = () => new Promise((resolve) => requestIdleCallback(resolve));

async function settled() {
  for (let turn = 0; turn < 3; turn += 1) {
    await frame();
    await idle();
  }
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
  if (name.startsWith("jump") && !all("#rows > tr").some(isOnScreen)) {
    throw new Error("nothing is drawn where the page was scrolled to");
  }
  return painted;
}

function isOnScreen(line) {
  const { top, bottom } = line.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
