// What a book does for the live views in it: it gives their frames the height that they say, and tells them its theme.
// A frame whose link names a theme keeps it.
// A frame that speaks has a link to the full view of its own, so that the one below it is of no more use.
(() => {
  if (window.tokscopeFrames) return;
  window.tokscopeFrames = () => document.querySelectorAll(".tokscope-embed iframe");
  const tell = (frame) => {
    if (new URL(frame.src).searchParams.has("theme")) return;
    const { classList } = document.documentElement;
    const theme = ["coal", "navy", "ayu"].some((name) => classList.contains(name)) ? "dark" : "light";
    frame.contentWindow?.postMessage({ type: "tokscope:theme", theme }, "*");
  };
  addEventListener("message", ({ source, data }) => {
    if (data?.type !== "tokscope:height" || !Number.isFinite(data.height)) return;
    const frame = [...tokscopeFrames()].find(({ contentWindow }) => contentWindow === source);
    if (!frame) return;
    frame.height = Math.min(6000, Math.max(60, Math.ceil(data.height)));
    frame.nextElementSibling.hidden = true;
    tell(frame);
  });
  const observer = new MutationObserver(() => tokscopeFrames().forEach(tell));
  observer.observe(document.documentElement, { attributeFilter: ["class"] });
})();
