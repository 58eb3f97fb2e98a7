/** Of a query, only what says how somebody was brought here (decision 77). */
const KEPT = /^utm_(source|medium|campaign|term|content|id)$/i;

/**
 * An address without what may be a secret in it or about a person: a user, a password, a fragment, and all of the query
 * but how somebody was brought here. What is no whole address is cut where its query begins.
 */
export function plainAddress(text: string): string {
  const [path = '', query = ''] = text.split('#', 1)[0]?.split('?', 2) ?? [];
  const kept = [...new URLSearchParams(query)].filter(([name]) => KEPT.test(name));
  const told = new URLSearchParams(kept).toString();
  return path.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/@]*@/i, '$1//') + (told && `?${told}`);
}

const ADDRESSES = ['url', 'referrer', 'href'];

/** The same in what a page says of itself, which repeats its address. */
export function withoutQueries(said: Record<string, unknown>): Record<string, unknown> {
  const found = Object.entries(said).filter(
    ([name, value]) => typeof value === 'string' && (ADDRESSES.includes(name) || name === 'search'),
  );
  if (found.length === 0) return said;
  return {
    ...said,
    ...Object.fromEntries(found.map(([name, value]) => [name, plainAddress(String(value))])),
  };
}
