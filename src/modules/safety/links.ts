import { isIP } from 'node:net';
import { domainToUnicode } from 'node:url';
import type { TrustLevel } from '#modules/social/index.ts';

/** As pages make links of words. */
const ADDRESS = /https?:\/\/[^\s<>"']+/giu;
const LINKS_MAX = [0, 5, 20, 40] as const satisfies Record<TrustLevel, number>;

/** What is wrong with where something leads. */
export type LinkFault = 'blocked_host' | 'look_alike' | 'bare_address' | 'new_member' | 'many';

/** The addresses in words, and those given as such; an address of the shop's own leads nowhere else. */
export function addressesIn(words: readonly string[], links: readonly string[], ownHost: string): URL[] {
  const typed = words.flatMap((text) => [...text.matchAll(ADDRESS)].map(([address]) => address));
  return [...links, ...typed].flatMap((address) => {
    const url = URL.parse(address.replace(/[.,;:!?)\]}]+$/, ''));
    return url && url.hostname !== ownHost ? [url] : [];
  });
}

/** The host, and each domain above it: a block of one is a block of all below. */
export function domainsOf({ hostname }: URL): string[] {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const labels = host.split('.');
  return isIP(host) ? [host] : labels.slice(0, -1).map((_, place) => labels.slice(place).join('.'));
}

/**
 * What holds something back until a moderator has looked. In words a new member's first links wait; pins lead elsewhere
 * by their nature, so of those some are let through (`linksMax`).
 */
export function faultsOf(
  urls: readonly URL[],
  { level, blocked, linksMax }: { level: TrustLevel; blocked: ReadonlySet<string>; linksMax?: number },
): LinkFault[] {
  const max = linksMax ?? LINKS_MAX[level];
  const found: [LinkFault, boolean][] = [
    ['blocked_host', urls.some((url) => domainsOf(url).some((domain) => blocked.has(domain)))],
    ['look_alike', urls.some(({ hostname }) => isLookAlike(hostname))],
    [
      'bare_address',
      urls.some(({ hostname, username }) => isIP(hostname.replaceAll(/[[\]]/g, '')) > 0 || username !== ''),
    ],
    ['new_member', level === 0 && urls.length > max],
    ['many', level > 0 && urls.length > max],
  ];
  return found.flatMap(([fault, is]) => (is ? [fault] : []));
}

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Cherokee',
  'Georgian',
  'Hebrew',
  'Arabic',
  'Thai',
].map((script) => new RegExp(String.raw`\p{Script=${script}}`, 'u'));
/** Letters of other scripts that look like those of ours. */
const LIKE_LATIN = /^[аеорсухіјѕԁԛԝһӏοανικρτυχ0-9-]+$/u;

/** A name that is read as another: letters of several scripts in one label, or foreign ones that all look like ours. */
export function isLookAlike(hostname: string): boolean {
  return domainToUnicode(hostname)
    .split('.')
    .some((label) => {
      const scripts = SCRIPTS.filter((script) => script.test(label)).length;
      const isForeign = /[^\p{ASCII}]/u.test(label);
      return isForeign && (scripts > 1 || LIKE_LATIN.test(label));
    });
}
