// Runs beside everything else, and says what keeps everything else from running: a style sheet that does not come,
// before which browsers show nothing and run no other script, or the script that starts the page.
function say(sheet) {
  const line = document.getElementById("newer");
  if (!line || line.firstChild) return;
  const button = Object.assign(document.createElement("button"), { className: "button", textContent: "Reload" });
  button.onclick = () => location.reload();
  line.append("Part of this page did not come. ", button);
  // Shown as it is meanwhile, and as it is meant to be once it comes.
  sheet?.addEventListener("load", () => {
    sheet.media = "all";
    line.replaceChildren();
  });
}
addEventListener("error", ({ target }) => {
  if (target.matches?.("link[rel=stylesheet], script[data-js]")) say();
}, true);
setTimeout(() => {
  for (const sheet of document.querySelectorAll("link[rel=stylesheet]")) {
    if (sheet.sheet) continue;
    sheet.media = "print";
    say(sheet);
  }
  if (!globalThis.results) say();
}, 15_000);
