/** Length of a password in characters. */
export const PASSWORD_LENGTH = { min: 10, max: 128 };
/** A browser stays signed in for so long after its sign-in; then it asks once more. */
export const SESSION_SECONDS = 60 * 24 * 60 * 60;
export const RESET_SECONDS = 60 * 60;
export const CONFIRM_SECONDS = 24 * 60 * 60;
/** Without a password to ask again, a change of address is open only so soon after signing in. */
export const FRESH_SECONDS = 15 * 60;
/** A passkey is added only so soon after signing in: a browser left open must not get one for good. */
export const PASSKEY_FRESH_SECONDS = 24 * 60 * 60;

export const SESSION_COOKIE = 'stoa_session';
/** Where Better Auth's own routes are mounted (networks' callbacks, passkeys): see routes/auth.ts. */
export const AUTH_PATH = '/v1/identity/auth';
/** The network address of the caller, set by us on what Better Auth sees, whatever the client sent. */
export const ADDRESS_HEADER = 'x-stoa-address';
