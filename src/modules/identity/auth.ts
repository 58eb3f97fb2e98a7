import type { Deps } from '#platform/module.ts';
import { discoveryUrlOf } from './providers.ts';

type Library = typeof import('./better-auth.ts');
type Auth = ReturnType<Library['makeAuth']>;

const made = new WeakMap<Deps['config'], Promise<Auth>>();
const connected = new WeakMap<Deps['config'], Promise<Auth>>();
const DISCOVERY_LIMIT_MS = 5_000;

/**
 * One for each configuration, and a process has one. Better Auth is loaded when somebody first signs in or up:
 * whoever only looks around waits for none of it, and a server at rest is a third smaller.
 */
export function authOf(deps: Deps): Promise<Auth> {
  let auth = made.get(deps.config);
  if (!auth) {
    auth = library().then(({ makeAuth }) => makeAuth(deps));
    made.set(deps.config, auth);
  }
  return auth;
}

/**
 * The same for whoever comes by this network. Better Auth asks a provider of OpenID Connect for its addresses when it
 * is made, and waits: so it is made apart for that provider, once it answers. Until then nobody else is kept waiting,
 * and everybody who comes by it has it asked again. Undefined while it does not answer.
 */
export async function authFor(deps: Deps, network: string): Promise<Auth | undefined> {
  const { oidc } = deps.config.signIn;
  if (network !== 'oidc' || !oidc) return authOf(deps);
  const known = connected.get(deps.config);
  if (known) return known;
  if (!(await answers(discoveryUrlOf(oidc.issuer)))) return undefined;
  const auth = library().then(({ makeAuth }) => makeAuth(deps, { isConnected: true }));
  connected.set(deps.config, auth);
  return auth;
}

/** The provider answered us and then not Better Auth, or with what it can't use. */
export function forgetConnected(deps: Deps): void {
  connected.delete(deps.config);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(DISCOVERY_LIMIT_MS) })).ok;
  } catch {
    return false;
  }
}

export const library = (): Promise<Library> => import('./better-auth.ts');

/** True when Better Auth said no, false when something is broken. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'APIError' &&
  'statusCode' in error &&
  Number(error.statusCode) < 500;
