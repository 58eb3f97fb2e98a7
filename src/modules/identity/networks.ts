import type { Deps } from '#platform/module.ts';
import type { Cookies } from './accounts.ts';
import { authOf, isRefusal } from './auth.ts';
import { type Caller, headersOf } from './caller.ts';
import { identityErrors } from './errors.ts';
import { countAttempt } from './limits.ts';
import { networksOf } from './providers.ts';

/** Where the browser goes to sign in at a network, and the cookie that remembers why. Nothing is stored here. */
export async function startAtNetwork(
  deps: Deps,
  caller: Caller,
  { network, next, failed }: { network: string; next: string; failed: string },
): Promise<{ location: string; cookies: Cookies }> {
  if (!networksOf(deps.config).some(({ id }) => id === network)) throw identityErrors.network_unknown({});
  await countAttempt(deps, 'auth_address', caller.ip);
  try {
    const { headers, response } = await (
      await authOf(deps)
    ).api.signInSocial({
      body: { provider: network, callbackURL: next, errorCallbackURL: failed, disableRedirect: true },
      headers: headersOf(caller),
      returnHeaders: true,
    });
    if (!response.url) throw identityErrors.network_unknown({});
    return { location: response.url, cookies: headers.getSetCookie() };
  } catch (error) {
    // The provider could not be reached when this process started.
    if (isRefusal(error)) throw identityErrors.network_unknown({});
    throw error;
  }
}
