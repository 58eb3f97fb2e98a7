import { passkey } from '@better-auth/passkey';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { createEmailVerificationToken } from 'better-auth/api';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { inTransaction, type Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { record } from './audit.ts';
import { attempt } from './limits.ts';
import { mailReset, queueMail } from './mails.ts';
import { own } from './own.ts';
import { oidcOf, pinterestOf, socialProvidersOf } from './providers.ts';
import {
  ADDRESS_HEADER,
  AUTH_PATH,
  CONFIRM_SECONDS,
  PASSKEY_FRESH_SECONDS,
  PASSWORD_LENGTH,
  RESET_SECONDS,
  SESSION_COOKIE,
  SESSION_SECONDS,
} from './settings.ts';

/** `isConnected`: with the provider of OpenID Connect, which is then asked for its addresses. */
export function makeAuth(deps: Deps, { isConnected = false } = {}) {
  const { config, db, now } = deps;
  return betterAuth({
    appName: config.shopName,
    baseURL: config.publicUrl,
    basePath: AUTH_PATH,
    secret: config.secret,
    database: { db: db.withSchema('identity'), type: 'postgres', transaction: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: { errorURL: new URL('/sign-in', config.publicUrl).href },
    emailAndPassword: {
      enabled: true,
      // Sign-up is ours (accounts.ts): it answers alike for a new address and a known one.
      disableSignUp: true,
      requireEmailVerification: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      revokeSessionsOnPasswordReset: true,
      // Called within a job, where a mail may leave at once.
      sendResetPassword: ({ user, token }) => mailReset(deps, user.email, token),
      onPasswordReset: ({ user }) => inTransaction(db, (tx) => passwordWasReset(tx, user.id)),
    },
    emailVerification: {
      autoSignInAfterVerification: true,
      expiresIn: CONFIRM_SECONDS,
      sendOnSignUp: true,
      sendOnSignIn: true,
      sendVerificationEmail: ({ user }) =>
        inTransaction(db, (tx) => queueMail(tx, { kind: 'confirm', memberId: user.id })),
    },
    socialProviders: socialProvidersOf(deps),
    plugins: [
      genericOAuth({ config: [...pinterestOf(config), ...(isConnected ? oidcOf(config) : [])] }),
      passkey({
        rpID: new URL(config.publicUrl).hostname,
        rpName: config.shopName,
        origin: new URL(config.publicUrl).origin,
        schema: { passkey: { fields: PASSKEY_COLUMNS } },
      }),
    ],
    rateLimit: {
      enabled: true,
      window: 60,
      max: 60,
      customStorage: {
        consume: async (key, { window, max }) => {
          const { allowed, retryAfterSeconds } = await attempt(db, now(), `auth:${key}`, {
            max,
            windowSeconds: window,
          });
          return { allowed, retryAfter: allowed ? null : retryAfterSeconds };
        },
      },
    },
    databaseHooks: hooksOf(deps),
    ...TABLES,
    advanced: {
      cookiePrefix: 'stoa',
      cookies: { session_token: { name: SESSION_COOKIE } },
      useSecureCookies: config.publicUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // Our migrations make the tables: the tests, not each start, show that they fit.
      database: { generateId: () => newId(), validateSchema: false },
    },
  } satisfies BetterAuthOptions);
}

function hooksOf({ db }: Deps): NonNullable<BetterAuthOptions['databaseHooks']> {
  return {
    session: {
      create: {
        after: ({ userId, id }) =>
          inTransaction(db, (tx) => record(tx, `member:${userId}`, 'signed_in', `session:${id}`)),
      },
    },
    account: {
      create: {
        before: async (account) => ({ data: { ...account, ...NO_TOKENS } }),
        after: async ({ userId, providerId }) => {
          if (providerId === 'credential') return;
          await inTransaction(db, (tx) =>
            record(tx, `member:${userId}`, 'network_joined', `network:${providerId}`),
          );
        },
      },
    },
  };
}

/** Whoever read the mail owns the address: that confirms it, and calls off what a stranger wanted in its place. */
async function passwordWasReset(tx: Tx, memberId: string): Promise<void> {
  await own(tx)
    .updateTable('identity.member')
    .set({ email_verified: true })
    .where('id', '=', memberId)
    .execute();
  await own(tx).deleteFrom('identity.address_change').where('member_id', '=', memberId).execute();
  await record(tx, `member:${memberId}`, 'password_reset', `member:${memberId}`);
}

/** What a network hands out at sign-in is thrown away: nothing here acts on a member's behalf elsewhere. */
const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null, scope: null };

const STAMPS = { createdAt: 'created_at', updatedAt: 'updated_at' };
const PASSKEY_COLUMNS = {
  userId: 'member_id',
  publicKey: 'public_key',
  credentialID: 'credential_id',
  deviceType: 'device_type',
  backedUp: 'backed_up',
  createdAt: 'created_at',
};

/** Better Auth's models under our names. */
const TABLES = {
  user: { modelName: 'member', fields: { emailVerified: 'email_verified', ...STAMPS } },
  session: {
    expiresIn: SESSION_SECONDS,
    // The cookie and its row end together; a session that moves its end would write on reading.
    disableSessionRefresh: true,
    freshAge: PASSKEY_FRESH_SECONDS,
    fields: {
      userId: 'member_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      ...STAMPS,
    },
  },
  account: {
    fields: {
      userId: 'member_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...STAMPS,
    },
    updateAccountOnSignIn: false,
    storeStateStrategy: 'cookie',
  },
  verification: {
    fields: { expiresAt: 'expires_at', ...STAMPS },
    storeIdentifier: 'hashed',
  },
} as const satisfies BetterAuthOptions;

/** What a mail carries to prove that its reader owns the address. */
export const confirmTokenFor = ({ config }: Deps, email: string) =>
  createEmailVerificationToken(config.secret, email, undefined, CONFIRM_SECONDS);
