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

const { js, wasm } = document.querySelector("script[data-js]").dataset;
try {
  const { default: start } = await import(new URL(js, document.baseURI));
  await start({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  if (!("crashed" in root.dataset)) fail("failed", String(error));
}
