/** Of an address's query only what says how somebody was brought here: all else may be a secret, or about a person. */
const KEPT = /^utm_(source|medium|campaign|term|content|id)$/;

/** The same rule holds where events arrive, for clients that are not ours. */
export function plainAddress(text: string): string {
  if (!text) return '';
  try {
    const { protocol, host, pathname, searchParams } = new URL(text);
    const kept = [...searchParams].filter(([name]) => KEPT.test(name));
    const query = new URLSearchParams(kept).toString();
    return `${protocol}//${host}${pathname}${query && `?${query}`}`;
  } catch {
    return '';
  }
}
