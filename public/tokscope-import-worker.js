// Starts the program that reads results of the reader's own, beside the page.
// Whatever happens to it is said to the page, which goes on without it.
const say = (reason) => postMessage([JSON.stringify({ Crashed: { reason: String(reason) } })]);
addEventListener("error", (event) => {
  event.preventDefault();
  say(event.message);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  say(event.reason);
});
const base = import.meta.url.replace(/-worker\.js$/, "");
const { default: start } = await import(`${base}.js`);
await start({ module_or_path: new URL(`${base}_bg.wasm`) });
