// Keeps a whole build of the page in the browser: what is here came together, was checked, and goes together.
// The build puts in what belongs to it: its version, and each file with the hash of its content.
const BUILD = { version: "", files: [] };

const { scope } = registration;
// A host may have several such pages, one a folder.
const kin = `tokscope ${scope} `;
const name = kin + BUILD.version;
const address = (path) => new URL(path, scope).href;
// Which build was the last to answer: a cache of its own, which no page asks.
const note = () => caches.open(`tokscope-active ${scope}`);

async function keep() {
  const isNew = !(await caches.has(name));
  const cache = await caches.open(name);
  try {
    await Promise.all(BUILD.files.map(async ([path, integrity]) => {
      // Shards are many, and their names change with what they hold: those of a build before are taken over.
      const known = path.includes("/shard-") && (await caches.match(address(path)));
      if (known) return cache.put(address(path), known);
      // What the browser has is asked about again, and what belongs to another build is refused.
      const response = await fetch(address(path), { integrity, cache: "no-cache" });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      // Hosts that leave out endings send foreign.html on, and browsers show no document that was sent on.
      const { body, redirected, status, headers } = response;
      await cache.put(address(path), redirected ? new Response(body, { status, headers }) : response);
    }));
  } catch (error) {
    if (isNew) await caches.delete(name);
    throw error;
  }
}

// A page of the build before may still want its programs: that one stays until the next.
async function forget() {
  const noted = await note();
  const before = await (await noted.match(scope))?.text();
  const others = (await caches.keys()).filter((other) => other.startsWith(kin) && ![name, before].includes(other));
  await Promise.all(others.map((other) => caches.delete(other)));
  await noted.put(scope, new Response(name));
}

async function kept(href, request) {
  const cache = await caches.open(name);
  const found = await cache.match(href);
  // The build before answers for names that change with their content, and for no others. Leading zeros are not written.
  return found || (/-[0-9a-f]{8,}[^/]*$/.test(href) && (await caches.match(href))) || fetch(request);
}

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forget()));
addEventListener("message", ({ data }) => data === "take over" && skipWaiting());
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const [href] = url.split(/[?#]/);
  if (method !== "GET" || !href.startsWith(scope)) return;
  event.respondWith(kept(href === address("index.html") ? scope : href, event.request));
});
