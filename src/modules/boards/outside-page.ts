import robots from 'robots-parser';
import { type Fetched, fetchOutside, type OutsideRefusal, OutsideRefused } from '#platform/fetch-outside.ts';
import type { Resolve } from '#platform/outside.ts';
import { oembedFacts, type PageFacts, pageFacts } from './page-facts.ts';

/** Its types describe a module of the other kind than the one that it is. */
const robotsParser = robots as unknown as typeof robots.default;

const KB = 1024;
const PAGE_BYTES_MAX = 2048 * KB;
const PICTURE_BYTES_MAX = 10_240 * KB;
const ROBOTS_BYTES_MAX = 500 * KB;
const OEMBED_BYTES_MAX = 200 * KB;
const TIMEOUT_MS = 10_000;
const REDIRECTS_MAX = 5;
/** How a site's robots.txt names us. */
export const ROBOT = 'StoaBot';

export interface Reach {
  isInsecure: boolean;
  resolve: Resolve;
}

export type LinkRefusal = OutsideRefusal | 'robots' | 'redirects' | 'busy';

/** Why a page was not read. */
export class LinkRefused extends Error {
  readonly reason: LinkRefusal;
  constructor(reason: LinkRefusal) {
    super(reason);
    this.name = 'LinkRefused';
    this.reason = reason;
  }
}

export interface OutsidePage extends PageFacts {
  picture: Buffer | null;
}

interface Visit extends Reach {
  /** What each site lets us read, asked once a visit. */
  allowed: Map<string, (url: string) => boolean>;
}

/** What a page says of itself, and its picture. What the page's site does not let robots read is not read. */
export async function readOutsidePage(url: URL, reach: Reach): Promise<OutsidePage> {
  const visit: Visit = { ...reach, allowed: new Map() };
  const { fetched, at } = await visitPage(url, visit, {
    accept: 'text/html,application/xhtml+xml;q=0.9,image/*;q=0.5',
    bytesMax: PAGE_BYTES_MAX,
  });
  if (/^image\//i.test(fetched.contentType))
    return {
      title: '',
      author: '',
      excerpt: '',
      site: '',
      pictureUrl: null,
      oembedUrl: null,
      picture: fetched.bytes,
    };
  if (!/^(text\/html|application\/xhtml\+xml)\b/i.test(fetched.contentType)) throw new LinkRefused('type');
  const facts = await withOembed(pageFacts(textOf(fetched), at), at, visit);
  return { ...facts, picture: await pictureOf(facts.pictureUrl, visit) };
}

interface Wanted {
  accept: string;
  bytesMax: number;
}

/** Follows redirects, each looked at as if it had been given by itself. */
async function visitPage(from: URL, visit: Visit, wanted: Wanted): Promise<{ fetched: Fetched; at: URL }> {
  let at = from;
  for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
    if (!(await mayRead(at, visit))) throw new LinkRefused('robots');
    const fetched = await ask(at, visit, wanted);
    if (fetched.location === null) {
      const isBusy = fetched.status >= 500 || fetched.status === 429;
      if (fetched.status !== 200) throw new LinkRefused(isBusy ? 'busy' : 'status');
      return { fetched, at };
    }
    const next = URL.parse(fetched.location, at);
    if (!next) throw new LinkRefused('malformed');
    at = next;
  }
  throw new LinkRefused('redirects');
}

async function ask(url: URL, { isInsecure, resolve }: Reach, wanted: Wanted): Promise<Fetched> {
  const userAgent = `${ROBOT}/1.0`;
  try {
    return await fetchOutside({ ...wanted, url, userAgent, timeoutMs: TIMEOUT_MS, isInsecure, resolve });
  } catch (error) {
    throw error instanceof OutsideRefused ? new LinkRefused(error.reason) : error;
  }
}

/** As robots.txt says (RFC 9309): without one all may be read, of one that can't be had nothing. */
async function mayRead(url: URL, visit: Visit): Promise<boolean> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new LinkRefused('malformed');
  const known = visit.allowed.get(url.origin);
  if (known) return known(url.href);
  const rules = await robotsOf(url.origin, visit);
  visit.allowed.set(url.origin, rules);
  return rules(url.href);
}

async function robotsOf(origin: string, visit: Visit): Promise<(url: string) => boolean> {
  let at = new URL('/robots.txt', origin);
  for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
    const { status, location, bytes } = await ask(at, visit, {
      accept: 'text/plain',
      bytesMax: ROBOTS_BYTES_MAX,
    });
    const next = location === null ? null : URL.parse(location, at);
    if (next) at = next;
    else if (status >= 500 || status === 429) return () => false;
    else if (status !== 200) return () => true;
    else {
      const rules = robotsParser(new URL('/robots.txt', origin).href, bytes.toString('utf8'));
      return (url) => rules.isAllowed(url, ROBOT) !== false;
    }
  }
  return () => true;
}

async function withOembed(facts: PageFacts, at: URL, visit: Visit): Promise<PageFacts> {
  const url = facts.oembedUrl === null ? null : URL.parse(facts.oembedUrl);
  if (!url || (facts.title && facts.author && facts.pictureUrl)) return facts;
  const wanted = { accept: 'application/json', bytesMax: OEMBED_BYTES_MAX };
  const answer = await orNothing(visitPage(url, visit, wanted));
  if (!answer || !/json/i.test(answer.fetched.contentType)) return facts;
  const more = oembedFacts(answer.fetched.bytes.toString('utf8'), at);
  return {
    ...facts,
    title: facts.title || more.title,
    author: facts.author || more.author,
    site: facts.site || more.site,
    pictureUrl: facts.pictureUrl ?? more.pictureUrl,
  };
}

/** A page is worth pinning without its picture too. */
async function pictureOf(address: string | null, visit: Visit): Promise<Buffer | null> {
  const url = address === null ? null : URL.parse(address);
  if (!url) return null;
  const wanted = { accept: 'image/avif,image/webp,image/jpeg,image/png', bytesMax: PICTURE_BYTES_MAX };
  const answer = await orNothing(visitPage(url, visit, wanted));
  return answer && /^image\//i.test(answer.fetched.contentType) ? answer.fetched.bytes : null;
}

async function orNothing<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof LinkRefused) return null;
    throw error;
  }
}

/** In the encoding that the answer or the page's own head names. */
function textOf({ contentType, bytes }: Fetched): string {
  const head = bytes.subarray(0, 2048).toString('latin1');
  const named =
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(bytes);
  } catch {
    return bytes.toString('utf8'); // an encoding that nobody knows
  }
}
