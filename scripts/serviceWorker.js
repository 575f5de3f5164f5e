// The page without a network. The build puts this beside index.html as sw.js, and its own list of files in the place of
// FILES and VERSION. All paths are relative: it works below any folder of any static host.
const FILES = [];
const VERSION = 'none';

const PAGE = `gradloom-page-${VERSION}`;
/** Files that are not part of the page, data sets for one: kept as they were last fetched. */
const DATA = 'gradloom-data';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(PAGE)
      // Past the browser's own cache: it may hold another version.
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith('gradloom-page-') && name !== PAGE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !request.url.startsWith(self.registration.scope))
    return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request));
});

/** The page as the server has it now; without a network, as it was last. */
async function page(request) {
  try {
    return isolated(await fetch(request));
  } catch (error) {
    const name = new URL(request.url).pathname.endsWith('layers.html') ? 'layers.html' : 'index.html';
    const kept = await caches.match(name, { cacheName: PAGE });
    if (!kept) throw error;
    return isolated(kept);
  }
}

async function file(request) {
  const known = await caches.match(request, { cacheName: PAGE, ignoreVary: true });
  // Names of these change with their content.
  if (known && request.url.includes('/assets/')) return known;
  try {
    const response = await fetch(request);
    if (response.ok && !known && request.url.includes('/datasets/')) {
      const cache = await caches.open(DATA);
      await cache.put(request, response.clone());
    }
    return response;
  } catch (error) {
    const kept = known ?? (await caches.match(request, { cacheName: DATA, ignoreVary: true }));
    if (!kept) throw error;
    return kept;
  }
}

/** With the headers that let WebAssembly use threads, which not every host can send. */
function isolated(response) {
  if (response.type === 'opaqueredirect' || response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
