// <tokscope-chart src="https://example.org/tokscope/" query="q=gemma" height="560" theme="auto">fallback</tokscope-chart>
// A live view in a sandboxed frame that is fetched when it comes near the screen, keeps its room before and follows
// the height of what it shows. docs/embedding.md describes the attributes. It needs nothing from the page it is in: no
// inline style, no inline script, no other file.
const SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
const THEMES = ["light", "dark", "auto"];
const LEAST = 60;
const MOST = 6000;
const USUAL = 560;
// Every view says its height at once; a frame that says none for so many milliseconds after it has loaded is no view.
const PATIENCE = 10_000;
const clamp = (height) => Math.min(MOST, Math.max(LEAST, Math.ceil(height)));

// Where the script is from is where the views are, unless an element says otherwise.
const own = document.currentScript?.src ?? document.querySelector('script[src*="tokscope-chart.js"]')?.src;

class TokscopeChart extends HTMLElement {
  static observedAttributes = ["src", "query", "theme", "title"];
  #frame;
  #hasLoaded = false;
  #now;
  #shown;
  #wait;

  constructor() {
    super();
    // Styles by script, which every policy allows.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ":host { display: block } :host([hidden]) { display: none } " +
        "iframe { display: block; width: 100%; border: 0; color-scheme: normal } " +
        "iframe[hidden], iframe:not([hidden]) + slot { display: none }",
    );
    const shadow = this.attachShadow({ mode: "closed" });
    shadow.adoptedStyleSheets = [sheet];
    this.#frame = document.createElement("iframe");
    this.#frame.loading = "lazy";
    this.#frame.setAttribute("sandbox", SANDBOX);
    this.#frame.onload = () => {
      this.#hasLoaded = this.#shown !== undefined;
      clearTimeout(this.#wait);
      if (this.#shown) this.#wait = setTimeout(() => (this.#frame.hidden = true), PATIENCE);
    };
    // What is in the element, where no frame is.
    shadow.append(this.#frame, document.createElement("slot"));
  }

  connectedCallback() {
    addEventListener("message", this);
    this.#update();
  }

  disconnectedCallback() {
    removeEventListener("message", this);
    // Elsewhere the frame begins anew, with what it shows now.
    this.#hasLoaded = false;
    if (this.#now) this.#frame.src = this.#now;
  }

  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    // Without a theme of its own again it is as its reader's system is.
    if (name === "theme") this.#tellTheme("auto");
    else this.#update();
  }

  // Heights from its own frame, whoever else speaks.
  handleEvent({ source, data }) {
    if (!source || source !== this.#frame.contentWindow || data?.type !== "tokscope:height") return;
    const { height } = data;
    if (typeof height !== "number" || !Number.isFinite(height)) return;
    clearTimeout(this.#wait);
    this.#frame.hidden = false;
    this.#frame.style.height = `${clamp(height)}px`;
    // One that has begun by now hears of a change that came while it did not listen.
    this.#tellTheme();
  }

  #theme() {
    const theme = this.getAttribute("theme");
    return THEMES.includes(theme) ? theme : null;
  }

  #tellTheme(otherwise) {
    const theme = this.#theme() ?? otherwise;
    // Its origin is nobody's, so that no other word than any can name it; a theme is no secret.
    if (theme) this.#frame.contentWindow?.postMessage({ type: "tokscope:theme", theme }, "*");
  }

  #update() {
    const frame = this.#frame;
    frame.title = this.title || this.textContent.trim() || "Benchmark results";
    const address = this.#address();
    frame.hidden = !address;
    if (!address) return;
    // A theme is told to the frame that is there.
    const { href: shown } = withoutTheme(address);
    if (shown !== this.#shown) {
      this.#shown = shown;
      frame.style.height = `${clamp(Number(this.getAttribute("height")) || USUAL)}px`;
      // In a frame that has loaded, another view is no step in the history of the page around.
      if (this.#hasLoaded) frame.contentWindow.location.replace(address);
      else frame.src = address;
      this.#now = address;
    }
  }

  // The page's address with the query, and what makes it an embedded one; null where it is not one of the web.
  #address() {
    let url;
    try {
      url = new URL(this.getAttribute("src") || new URL(".", own), document.baseURI);
    } catch {
      return null;
    }
    if (!/^https?:$/.test(url.protocol)) return null;
    const query = this.getAttribute("query") ?? url.search;
    const choices = new URLSearchParams(query);
    if (!choices.has("embed")) choices.set("embed", "1");
    const theme = this.#theme();
    if (theme) choices.set("theme", theme);
    url.search = choices;
    url.hash = "";
    return url.href;
  }
}

function withoutTheme(address) {
  const url = new URL(address);
  url.searchParams.delete("theme");
  return url;
}

// Twice in one page is once.
if (!customElements.get("tokscope-chart")) customElements.define("tokscope-chart", TokscopeChart);
