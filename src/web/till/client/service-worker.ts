// Answers for the selling page while there is no connection: with the frame and the files of one build, and nothing
// else. Answers of the API are never kept, nor is any other page.

/** Written before this code by the server. */
declare const TILL_BUILD: { version: string; kept: string[] };

/** What a worker has that a page has not, as far as it is used here. */
interface Worker extends EventTarget {
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

const PREFIX = 'stoa-till-';
const CACHE = `${PREFIX}${TILL_BUILD.version}`;
const PAGE = '/till/sell';
/** The page without anybody's name on it. */
const FRAME = `${PAGE}?frame=kept`;
/** A line this slow is as good as none while a customer waits. */
const PAGE_MS_MAX = 4000;

const worker = self as unknown as Worker;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const frame = await fetch(FRAME, { credentials: 'same-origin', cache: 'no-store' });
  // Whoever is not signed in gets another page: that one is not kept, and the next visit tries again.
  if (!frame.ok || frame.redirected) throw new Error(`The till's page was answered with ${frame.status}`);
  await cache.put(PAGE, frame);
  await cache.addAll(TILL_BUILD.kept);
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}

async function answerPage(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PAGE_MS_MAX) });
  } catch (error) {
    const frame = await caches.match(PAGE, { cacheName: CACHE });
    if (frame) return frame;
    throw error;
  }
}

/** A file's name holds a hash of what is in it: the one that is here is the one that is meant. */
async function answerFile(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const here = await cache.match(request);
  if (here) return here;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

worker.addEventListener('install', (event) => (event as Lasting).waitUntil(install()));
worker.addEventListener('activate', (event) => (event as Lasting).waitUntil(activate()));
worker.addEventListener('message', ({ data }: Event & { data?: unknown }) => {
  if (data === 'take over') void worker.skipWaiting();
});
worker.addEventListener('fetch', (event) => {
  const fetching = event as Fetching;
  const { request } = fetching;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && pathname === PAGE) fetching.respondWith(answerPage(request));
  else if (pathname.startsWith('/assets/')) fetching.respondWith(answerFile(request));
});
