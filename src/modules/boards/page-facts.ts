import { Parser } from 'htmlparser2';

/** What a page says of itself. */
export interface PageFacts {
  title: string;
  author: string;
  excerpt: string;
  site: string;
  /** Absolute addresses; null where the page names none. */
  pictureUrl: string | null;
  oembedUrl: string | null;
}

/** What is kept of a page in memory, however many tags it has. */
const FOUND_MAX = 200;
const JSON_LENGTH_MAX = 200_000;

interface Raw {
  metas: Map<string, string>;
  title: string;
  json: string[];
  oembed: string;
}

/** Reads Open Graph, JSON-LD and the plain head of a page, whichever says most clearly what it is. */
export function pageFacts(html: string, baseUrl: URL): PageFacts {
  const { metas, title, json, oembed } = rawFacts(html);
  const structured = structuredFacts(json);
  const meta = (...names: string[]) => names.map((name) => metas.get(name)).find(Boolean) ?? '';
  const author = structured.author || meta('author', 'article:author', 'twitter:creator');
  return {
    title: short(meta('og:title') || structured.title || meta('twitter:title') || title, 300),
    // Some give an address for a name.
    author: short(/^https?:/.test(author) ? '' : author, 120),
    excerpt: short(meta('og:description') || structured.excerpt || meta('description'), 500),
    site: short(meta('og:site_name') || structured.site, 120),
    pictureUrl: absolute(
      meta('og:image:secure_url', 'og:image', 'og:image:url') || structured.picture || meta('twitter:image'),
      baseUrl,
    ),
    oembedUrl: absolute(oembed, baseUrl),
  };
}

/** One parse of the whole page; the first of each name counts. */
function rawFacts(html: string): Raw {
  const raw: Raw = { metas: new Map(), title: '', json: [], oembed: '' };
  let inside: 'title' | 'json' | undefined;
  let text = '';
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'meta') keepMeta(raw.metas, attributes);
      else if (name === 'link' && attributes['type'] === 'application/json+oembed')
        raw.oembed ||= attributes['href'] ?? '';
      else if (name === 'title' && raw.title === '') inside = 'title';
      else if (name === 'script' && attributes['type'] === 'application/ld+json') inside = 'json';
      text = '';
    },
    ontext(part) {
      if (inside && text.length < JSON_LENGTH_MAX) text += part;
    },
    onclosetag(name) {
      if (inside === 'title' && name === 'title') raw.title = text;
      if (inside === 'json' && name === 'script' && raw.json.length < FOUND_MAX) raw.json.push(text);
      if (name === 'title' || name === 'script') inside = undefined;
    },
  });
  parser.end(html);
  return raw;
}

function keepMeta(metas: Map<string, string>, attributes: Record<string, string>): void {
  const name = (attributes['property'] ?? attributes['name'] ?? '').toLowerCase();
  const content = attributes['content'];
  if (name && content && !metas.has(name) && metas.size < FOUND_MAX) metas.set(name, content);
}

interface Structured {
  title: string;
  author: string;
  excerpt: string;
  site: string;
  picture: string;
}

/** The first thing with a headline or a name that the page's JSON-LD tells of. */
function structuredFacts(texts: readonly string[]): Structured {
  for (const thing of texts.flatMap(things)) {
    const title = textOf(thing['headline']) || textOf(thing['name']);
    const type = textOf(thing['@type']);
    if (!title || /^(WebSite|Organization|BreadcrumbList|Person)$/.test(type)) continue;
    return {
      title,
      author: nameOf(thing['author'] ?? thing['creator'] ?? thing['brand']),
      excerpt: textOf(thing['description']),
      site: nameOf(thing['publisher']),
      picture: addressOf(thing['image'] ?? thing['thumbnailUrl']),
    };
  }
  return { title: '', author: '', excerpt: '', site: '', picture: '' };
}

type Thing = Record<string, unknown>;
const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function things(text: string): Thing[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return []; // what is not JSON says nothing
  }
  const all = Array.isArray(parsed) ? parsed : [parsed];
  return all
    .filter(isThing)
    .flatMap((thing) => (Array.isArray(thing['@graph']) ? thing['@graph'].filter(isThing) : [thing]));
}

const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
const textOf = (value: unknown): string => {
  const one = first(value);
  return typeof one === 'string' ? one : '';
};
function nameOf(value: unknown): string {
  const one = first(value);
  return isThing(one) ? textOf(one['name']) : textOf(one);
}
function addressOf(value: unknown): string {
  const one = first(value);
  return isThing(one) ? textOf(one['url']) || textOf(one['contentUrl']) : textOf(one);
}

/** What a page's oEmbed answer adds. */
export function oembedFacts(
  text: string,
  baseUrl: URL,
): Pick<PageFacts, 'title' | 'author' | 'site' | 'pictureUrl'> {
  const [thing = {}] = things(text);
  return {
    title: short(textOf(thing['title']), 300),
    author: short(textOf(thing['author_name']), 120),
    site: short(textOf(thing['provider_name']), 120),
    pictureUrl: absolute(textOf(thing['thumbnail_url']), baseUrl),
  };
}

/** One line, without what turns text around, cut where it is long. */
function short(text: string, lengthMax: number): string {
  const line = text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\u200B\u2028-\u202E\u2060-\u2069\uFEFF]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > lengthMax ? `${line.slice(0, lengthMax - 1).trimEnd()}…` : line;
}

function absolute(address: string, baseUrl: URL): string | null {
  const url = address ? URL.parse(address, baseUrl) : null;
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
}
