// Runs beside everything else, and says when the script that starts the page does not come.
function look() {
  // What boot.js makes first of all that it makes for others; it empties the line when it comes after all.
  if (globalThis.opened) return;
  // The rows of the document are better than nothing.
  delete document.documentElement.dataset.waiting;
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
