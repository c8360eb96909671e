// Runs beside everything else, and says when the script that starts the page does not come.
const root = document.documentElement;

// Without a program, or results for it, the controls of the static page answer nothing. A program brings its own.
// A press in a row still asks for the other one. What names columns and groups goes on being read.
const isStatic = !/^(filling|ready)$/.test(root.dataset.state);
const all = (selector) => (isStatic ? document.querySelectorAll(`#app :is(${selector})`) : []);
const controls = all(".control-row, .share-button, .icon-button, .link-button");
const names = all(".sort, .group button");
function follow() {
  const { state } = root.dataset;
  const isDead = /^(failed|no-data)$/.test(state);
  for (const control of controls) control.inert = isDead;
  for (const name of names) name.disabled = isDead;
  if (state === "no-data") document.getElementById("share").hidePopover?.();
}
new MutationObserver(follow).observe(root, { attributeFilter: ["data-state"] });
follow();

function look() {
  // What boot.js makes first of all that it makes for others; it empties the line when it comes after all.
  if (globalThis.opened) return;
  // The rows of the document are better than nothing.
  root.dataset.state = "no-data";
  const line = document.getElementById("newer");
  if (line.firstChild) return;
  const button = Object.assign(document.createElement("button"), { className: "button", textContent: "Reload" });
  button.onclick = () => location.reload();
  line.append("Part of this page did not come. ", button);
}
if (document.readyState === "complete") look();
else addEventListener("load", look);
// What stalls keeps the page from being loaded.
setTimeout(look, 15_000);
