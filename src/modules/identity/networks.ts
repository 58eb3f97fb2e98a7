import type { Deps } from '#platform/module.ts';
import type { Cookies } from './accounts.ts';
import { authFor, forgetConnected, isRefusal } from './auth.ts';
import { type Caller, headersOf } from './caller.ts';
import { identityErrors } from './errors.ts';
import { countAttempt } from './limits.ts';
import { networksOf } from './providers.ts';

/**
 * Where the browser goes to sign in at a network, and the cookie that remembers why. Nothing is stored here.
 * To `failed`, which has a query already, when the network does not answer.
 */
export async function startAtNetwork(
  deps: Deps,
  caller: Caller,
  { network, next, failed }: { network: string; next: string; failed: string },
): Promise<{ location: string; cookies: Cookies }> {
  if (!networksOf(deps.config).some(({ id }) => id === network)) throw identityErrors.network_unknown({});
  await countAttempt(deps, 'auth_address', caller.ip);
  const auth = await authFor(deps, network);
  const away = { location: `${failed}&error=unreachable`, cookies: [] };
  if (!auth) return away;
  try {
    const { headers, response } = await auth.api.signInSocial({
      body: { provider: network, callbackURL: next, errorCallbackURL: failed, disableRedirect: true },
      headers: headersOf(caller),
      returnHeaders: true,
    });
    return response.url ? { location: response.url, cookies: headers.getSetCookie() } : away;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    forgetConnected(deps);
    return away;
  }
}
