import type { Deps } from '#platform/module.ts';

type Library = typeof import('./better-auth.ts');
type Auth = ReturnType<Library['makeAuth']>;

const made = new WeakMap<Deps['config'], Promise<Auth>>();

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

export const library = (): Promise<Library> => import('./better-auth.ts');

/** True when Better Auth said no, false when something is broken. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'APIError' &&
  'statusCode' in error &&
  Number(error.statusCode) < 500;
