// Runs beside everything else, and says what keeps everything else from running: a style sheet that does not come,
// before which browsers show nothing and run no other script, or the script that starts the page.
const line = () => document.getElementById("newer");
// The last rule of the sheets is this one.
const isPlain = () => !getComputedStyle(document.documentElement).getPropertyValue("--complete");
const emptied = new MutationObserver(() => line().firstChild || look());
function look() {
  // What boot.js makes first of all that it makes for others.
  const works = globalThis.opened && !isPlain();
  if (works || !line()) return;
  // What is said there already stays, and what takes it away may not know of this.
  emptied.observe(line(), { childList: true });
  if (line().firstChild) return;
  const button = Object.assign(document.createElement("button"), { className: "button", textContent: "Reload" });
  button.onclick = () => location.reload();
  line().append("Part of this page did not come. ", button);
}
if (document.readyState === "complete") look();
else addEventListener("load", look);
function lookAgain() {
  look();
  if (!isPlain()) return;
  // Shown as it is meanwhile, and as it is meant to be once the sheet comes.
  for (const sheet of document.querySelectorAll("link[rel=stylesheet]")) {
    sheet.media = "print";
    sheet.addEventListener("load", () => {
      sheet.media = "all";
      line().replaceChildren();
    });
  }
  // Firefox lays out nothing before the sheet until somebody asks where something is.
  document.body.getClientRects();
}
setTimeout(() => {
  // The line that says it may not be here yet, nor the sheet's own.
  if (document.readyState === "loading") document.addEventListener("readystatechange", lookAgain, { once: true });
  else lookAgain();
}, 15_000);
