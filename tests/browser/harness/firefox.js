// What the tests ask of Firefox beyond WebDriver. Runs once, in the context of the browser's own window,
// which keeps `tokscope` for the calls that come later.

const browser = gBrowser.selectedBrowser;
const requests = [];
const messages = [];
let blocked = [];
let numbers = 0;
const prepared = new Map();

/** What a page is told of the reader and of the device; a navigation may put another context in its place. */
const overrides = {};
const override = (changes) => Object.assign(browser.browsingContext, Object.assign(overrides, changes));

Services.obs.addObserver((context) => {
  if (context.isContent && !context.parent) Object.assign(context, overrides);
}, 'browsing-context-attached');

Services.obs.addObserver((channel) => {
  const { spec } = channel.QueryInterface(Ci.nsIHttpChannel).URI;
  requests.push(spec);
  asked.add(spec);
  if (blocked.some((pattern) => pattern.test(spec))) channel.cancel(Cr.NS_ERROR_BLOCKED_BY_POLICY);
}, 'http-on-opening-request');

/** The windows of the test that runs: a process that it left may end, and say so, while the next one runs. */
const windows = new Set();
const isOfATestBefore = (id) => Number.isInteger(id) && id > 0 && !windows.has(id);

/** What the test that runs has asked for. */
const asked = new Set();

/** What a page of the test before was still waiting for when it was left; some of these come without a window. */
const isLeftBehind = ({ category, sourceName }) => category === 'Script Loader' && !asked.has(sourceName.split('#')[0]);
Services.obs.addObserver(({ innerWindowId }) => windows.add(innerWindowId), 'window-global-created');

/** A remark that only says how slow this machine is now. What is asked for in vain, Chromium tells as well. */
const isAboutTime = (text) => text.includes('was not used within a few seconds');

/** The browser laid a page out before all of it had come, as it does when a frame of another page ends or a window
 * changes meanwhile. Where a script of the page asks for it, the message has the line that asked. */
const isOfItself = ({ category, errorMessage, lineNumber }) =>
  category === 'Layout' && lineNumber === 0 && errorMessage.startsWith('Layout was forced');

/** Whether a message is of a page, not of the browser's own programs. */
const isOfAPage = (source) => !/^(chrome|resource|moz-\w+|about):|^\[System|^data:,\(|^debugger eval code/.test(source);

Services.console.registerListener({
  observe(message) {
    if (!(message instanceof Ci.nsIScriptError) || message.isFromChromeContext) return;
    if (isOfATestBefore(message.innerWindowID) || isLeftBehind(message)) return;
    if (!isOfAPage(message.sourceName)) return;
    if (isAboutTime(message.errorMessage) || isOfItself(message)) return;
    const level = ['error', 'warning'][message.flags & Ci.nsIScriptError.warningFlag] ?? 'error';
    messages.push(`${level}: ${message.errorMessage} (${message.category}, ${message.sourceName}:${message.lineNumber})`);
  },
});

Services.ppmm.addMessageListener('tokscope:console', ({ data: [level, text, source, id] }) => {
  if (isOfAPage(source) && !isOfATestBefore(id)) messages.push(`${level}: ${text} (${source})`);
});

/** Runs in each process that holds pages: what is said by `console`, and the scripts before a page's own. */
const inEachProcess = () => {
  if (Services.appinfo.processType !== Ci.nsIXULRuntime.PROCESS_TYPE_CONTENT) return;
  const system = Services.scriptSecurityManager.getSystemPrincipal();
  const box = new Cu.Sandbox(system, { freshCompartment: true });
  ChromeUtils.importESModule('resource://gre/modules/jsdebugger.sys.mjs').addDebuggerToGlobal(box);
  const debug = new box.Debugger();
  Services.obs.addObserver(({ defaultView }) => {
    if (!defaultView) return;
    for (const source of Services.cpmm.sharedData.get('tokscope') ?? []) {
      debug.makeGlobalObjectReference(defaultView).executeInGlobal(source);
    }
  }, 'initial-document-element-inserted');
  Services.cpmm.addMessageListener('tokscope:evaluate', ({ data: [id, source] }) => {
    const { window } = BrowsingContext.get(id) ?? {};
    if (window) debug.makeGlobalObjectReference(window).executeInGlobal(source);
  });
  Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage).addLogEventListener((event) => {
    const { level, arguments: all, filename, innerID, chromeContext } = event.wrappedJSObject ?? event;
    // The browser's own programs speak there, too: of an icon whose tab is gone, for one, and without a source.
    if (chromeContext) return;
    Services.cpmm.sendAsyncMessage('tokscope:console', [level, Array.from(all, String).join(' '), filename, innerID]);
  }, system);
};
Services.ppmm.loadProcessScript(`data:,(${encodeURIComponent(inEachProcess)})()`, true);

const share = () => {
  Services.ppmm.sharedData.set('tokscope', [...prepared.values()]);
  Services.ppmm.sharedData.flush();
};

const FEATURES = {
  'prefers-color-scheme': 'prefersColorSchemeOverride',
  'prefers-reduced-motion': 'prefersReducedMotionOverride',
  'forced-colors': 'forcedColorsOverride',
};

window.tokscope = {
  device(width, height, pixelRatio) {
    // Windows have a least width; the page's part of one has none.
    browser.style.width = `${width}px`;
    browser.style.height = `${height}px`;
    override({ overrideDPPX: pixelRatio });
    document.synchronouslyUpdateRemoteBrowserDimensions(true);
  },
  media(medium, features) {
    const changes = Object.fromEntries(Object.values(FEATURES).map((name) => [name, 'none']));
    for (const [name, value] of features) {
      if (!FEATURES[name]) throw new Error(`no way to emulate ${name}`);
      changes[FEATURES[name]] = value;
    }
    override({ ...changes, mediumOverride: medium });
  },
  offline(offline) {
    // Without a network it would take what it has kept, even where it was told to ask again.
    if (offline) Services.cache2.clear();
    override({ forceOffline: offline });
  },
  block(patterns) {
    const escaped = (pattern) => pattern.split('*').map((part) => part.replace(/[^\w]/g, '\\$&')).join('.*');
    blocked = patterns.map((pattern) => new RegExp(`^${escaped(pattern)}$`));
  },
  javascript(on) {
    override({ allowJavascript: on });
  },
  prepare(source) {
    numbers += 1;
    prepared.set(String(numbers), source);
    share();
    return String(numbers);
  },
  unprepare(number) {
    prepared.delete(number);
    share();
  },
  evaluate(source) {
    // What WebDriver sends to the page after this comes after it there as well.
    Services.ppmm.broadcastAsyncMessage('tokscope:evaluate', [browser.browsingContext.id, source]);
  },
  console: () => messages.splice(0),
  requests: () => requests.splice(0),
  async forget() {
    browser.purgeSessionHistory();
    asked.clear();
    windows.clear();
    windows.add(browser.browsingContext.currentWindowGlobal.innerWindowId);
    const { CLEAR_ALL_CACHES, CLEAR_COOKIES, CLEAR_DOM_STORAGES, CLEAR_DOM_QUOTA } = Ci.nsIClearDataService;
    const kinds = CLEAR_ALL_CACHES | CLEAR_COOKIES | CLEAR_DOM_STORAGES | CLEAR_DOM_QUOTA;
    await new Promise((done) => Services.clearData.deleteData(kinds, { onDataDeleted: done }));
  },
};
