// What the page does inside another one, on its own and whatever becomes of the programs: it begins empty and not with
// the static page, names where it is from, says how high it is and takes a theme.
// The page around it is not trusted: it gets a number, and of what it says three words are taken.
const THEMES = ["light", "dark", "auto"];
const root = document.documentElement;
const name = document.querySelector(".site-title h1")?.textContent || document.title;
const full = new URL(location.href);
const wear = (theme) => {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
};

root.dataset.embed = "";
document.querySelector(".site-footer")?.remove();
document.getElementById("app").replaceChildren();
const asked = full.searchParams.get("theme");
if (THEMES.includes(asked)) wear(asked);

// Links leave for tabs of their own, where the page has room; browsers give them no way back.
document.head.append(Object.assign(document.createElement("base"), { target: "_blank" }));
full.searchParams.delete("embed");
const credit = Object.assign(document.createElement("footer"), { id: "embed-credit" });
const link = Object.assign(document.createElement("a"), {
  href: full.href, target: "_blank", rel: "noopener", textContent: "Open the full view",
});
const site = Object.assign(document.createElement("strong"), { textContent: name.trim() });
// The program says which sources and of when.
credit.append(site, Object.assign(document.createElement("span"), { id: "embed-sources" }), link);
document.body.append(credit);

// A finger reads the bars by taps, so that a tap does not leave.
addEventListener("click", (event) => {
  if (event.target.closest(".chart-frame") && event.pointerType !== "touch") link.click();
});
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest(".chart-frame")) link.click();
});

// What is dropped or pasted here is for the page around.
for (const kind of ["dragover", "drop", "paste"]) {
  addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
}

if (parent !== window) {
  let told = 0;
  let soon = 0;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (!/^(asking|ready|no-data|failed|crashed)$/.test(root.dataset.state) || height === told) return;
    told = height;
    // A height is no secret, whoever hears it.
    parent.postMessage({ type: "tokscope:height", height }, "*");
  };
  // Not each height on the way, so that the page around moves once.
  const later = () => {
    clearTimeout(soon);
    soon = setTimeout(tell, 60);
  };
  new ResizeObserver(later).observe(document.body);
  new MutationObserver(later).observe(root, { attributeFilter: ["data-state"] });
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.type !== "tokscope:theme" || !THEMES.includes(data.theme)) return;
    wear(data.theme);
    root.dataset.hostTheme = data.theme;
    dispatchEvent(new Event("hosttheme"));
  });
}
