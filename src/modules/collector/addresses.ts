/** Of a query, only what says how somebody was brought here (decision 77). */
const KEPT = /^utm_(source|medium|campaign|term|content|id)$/i;

/**
 * An address without what may be a secret in it or about a person: a user, a password, a fragment, and all of the query
 * but how somebody was brought here. What is no whole address is cut where its query begins.
 */
export function plainAddress(text: string): string {
  // Most have none of that.
  if (!/[?#@]/.test(text)) return text;
  const [path = '', query = ''] = text.split('#', 1)[0]?.split('?', 2) ?? [];
  const kept = [...new URLSearchParams(query)].filter(([name]) => KEPT.test(name));
  const told = new URLSearchParams(kept).toString();
  return path.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/@]*@/i, '$1//') + (told && `?${told}`);
}

const ADDRESSES = ['url', 'referrer', 'href', 'search'];

/** The same in what a page says of itself, which repeats its address. */
export function withoutQueries(said: Record<string, unknown>): Record<string, unknown> {
  let plain = said;
  for (const name of ADDRESSES) {
    const address = Object.hasOwn(said, name) ? said[name] : undefined;
    if (typeof address !== 'string') continue;
    const kept = plainAddress(address);
    if (kept !== address) plain = { ...plain, [name]: kept };
  }
  return plain;
}
