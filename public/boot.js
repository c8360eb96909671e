// Starts the page, and says so in the page when it cannot start or has crashed.
// The root's data-state is "loading", "filling", "ready" or "no-data" from the page, "failed" or "crashed" from here.
// Nothing here depends on the page's own code, so that it works when that code does not.

// Leptos builds its templates through innerHTML, with strings fixed at compile time.
// This policy lets those through and refuses anything that could run; data never passes here.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    if (/<script|\son\w+\s*=|javascript:/i.test(html)) {
      throw new TypeError("refused HTML that could run a script");
    }
    return html;
  },
});

const root = document.documentElement;

// The static page shows the default view; an address with choices asks for another one.
if (location.search) root.dataset.waiting = "";

function fail(state, reason) {
  if (root.dataset.state === state) return;
  root.dataset.state = state;
  const panel = document.getElementById("boot-error");
  if (!panel) return;
  panel.querySelector("[data-when=failed]").hidden = state !== "failed";
  panel.querySelector("[data-when=crashed]").hidden = state !== "crashed";
  panel.querySelector("[data-reason]").textContent = reason;
  panel.querySelector("button").onclick = () => location.reload();
  panel.hidden = false;
}

// A panic hook marks the document; a trap without one (memory, stack) arrives as a runtime error.
new MutationObserver(() => {
  if ("crashed" in root.dataset) fail("crashed", root.dataset.crashed);
}).observe(root, { attributeFilter: ["data-crashed"] });

function onError(error) {
  if (error instanceof WebAssembly.RuntimeError) fail("crashed", root.dataset.crashed || String(error));
}
addEventListener("error", (event) => onError(event.error));
addEventListener("unhandledrejection", (event) => onError(event.reason));

// The program of the first view is small and preloaded. All other views are in the whole program.
const { js, wasm, whole } = document.querySelector("script[data-js]").dataset;
// It leaves what follows the charts to the static page; where there is none, as while developing, it is of no use.
const others = /^(model|compare|hardware|checks|method)$/;
const isFirst = () => !new URLSearchParams(location.search).getAll("view").some((view) => others.test(view));
const program = isFirst() && document.querySelector("main") ? [js, wasm] : [`${whole}.js`, `${whole}_bg.wasm`];
if (program[0] === js) addEventListener("popstate", () => isFirst() || location.reload());
// Browsers complain about a preload that nobody takes, so take it and let it go.
else fetch(wasm).then(({ body }) => body.cancel(), () => {});
try {
  const [script, module_or_path] = program.map((path) => new URL(path, document.baseURI));
  const { default: start } = await import(script);
  await start({ module_or_path });
} catch (error) {
  if (!("crashed" in root.dataset)) fail("failed", String(error));
}
