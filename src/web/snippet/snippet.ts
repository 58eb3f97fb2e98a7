import { plainAddress } from './addresses.ts';
import type { Stoa } from './ecommerce.ts';
import { KeptEvents } from './kept-events.ts';
import { type Once, watchPage } from './page-watch.ts';

declare global {
  interface Window {
    stoa?: Stoa;
  }
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
}

const GATHER_MS = 400;
const AGAIN_MS = 5_000;
const AGAIN_MS_MAX = 300_000;

const script = document.currentScript as HTMLScriptElement;
const { key = '', consent: agreed } = script.dataset;
const site = new URL(script.src).origin;
const kept = new KeptEvents(key);
/** The browser's own word goes before anything that a page says. */
const isRefusedByBrowser = navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';

let choices: Record<string, boolean> = {};
let isWatching = false;
let isSending = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let wait = AGAIN_MS;

function plan(milliseconds: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void send(), milliseconds);
}

const bodyOf = (texts: readonly string[]) =>
  `{"writeKey":${JSON.stringify(key)},"sentAt":"${new Date().toISOString()}","batch":[${texts.join()}]}`;

/** What is not answered stays, and goes again with the same ids: it counts once, however often it arrives. */
async function send(): Promise<void> {
  const [names, texts] = kept.batch();
  if (isSending || !choices['analytics'] || texts.length === 0) return;
  isSending = true;
  let isAnswered = false;
  try {
    const { status } = await fetch(`${site}/v1/b`, {
      method: 'post',
      body: bodyOf(texts),
      headers: { 'content-type': 'text/plain' },
      credentials: 'same-origin',
      keepalive: true,
    });
    isAnswered = status < 500 && status !== 429;
  } catch {
    // Offline, or the server is away.
  }
  isSending = false;
  if (isAnswered) kept.remove(names);
  wait = isAnswered ? AGAIN_MS : Math.min(wait * 2, AGAIN_MS_MAX);
  plan(isAnswered ? GATHER_MS : wait);
}

/** Nobody hears the answer any more: what arrived twice counts once. */
function sendAtLeaving(): void {
  const [, texts] = kept.batch();
  if (choices['analytics'] && texts.length > 0) navigator.sendBeacon(`${site}/v1/b`, bodyOf(texts));
}

/** Unlike crypto.randomUUID, also there on a page without https. */
const newId = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (each) => each.toString(16).padStart(8, '0')).join(
    '',
  );

/** A page of the same site has told of itself, and its path may be a secret of its own. */
function cameFrom(): string {
  const from = plainAddress(document.referrer);
  return from.startsWith(location.origin) ? '' : from;
}

function say(type: 'page' | 'track', event: string | undefined, properties: object, once?: Once): void {
  if (!choices['analytics']) return;
  const anonymousId = kept.get('id') ?? newId();
  kept.set('id', anonymousId);
  const at = new Date();
  const messageId = once?.id ?? newId();
  const timestamp = once?.at ?? at.toISOString();
  const page = {
    url: plainAddress(location.href),
    path: location.pathname,
    referrer: cameFrom(),
    title: document.title,
  };
  const context = { page, consent: { categoryPreferences: choices } };
  const told = { type, event, messageId, anonymousId, timestamp, properties, context };
  kept.add(`${at.getTime()}.${messageId}`, JSON.stringify(told));
  if (!isSending) plan(GATHER_MS);
}

/** Whom a mail of ours went to, said by its link: taken out of the address, so that it is not handed on with it. */
function tellMail(): void {
  const [, via] = /^#via=([\w-]{39})$/.exec(location.hash) ?? [];
  const anonymousId = kept.get('id');
  if (!via || !anonymousId) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  void fetch(`${site}/v1/persons/clicks`, {
    method: 'post',
    body: JSON.stringify({ writeKey: key, anonymousId, via }),
    headers: { 'content-type': 'application/json' },
    keepalive: true,
  }).catch(() => {});
}

const stoa: Stoa = {
  track: (name: string, properties?: object) => say('track', name, properties ?? {}),
  consent(chosen) {
    choices = isRefusedByBrowser ? {} : { ...chosen };
    if (!choices['analytics']) return kept.remove();
    if (isWatching) return;
    isWatching = true;
    say('page', undefined, { url: plainAddress(location.href), title: document.title });
    tellMail();
    watchPage((...told) => say('track', ...told));
    addEventListener('online', () => void send());
    addEventListener('pagehide', sendAtLeaving);
    document.addEventListener('visibilitychange', () => document.hidden && sendAtLeaving());
  },
};

window.stoa = stoa;
try {
  // A page that does not say leaves it to `stoa.consent`: until then nothing is sent, and nothing more is kept.
  if (agreed !== undefined || isRefusedByBrowser) stoa.consent({ analytics: agreed === 'analytics' });
} catch {
  // A browser that gives no store has nothing to forget either.
}
