import type { BetterAuthOptions } from 'better-auth';
import type { GenericOAuthConfig } from 'better-auth/plugins/generic-oauth';
import type { Config } from '#platform/config.ts';
import type { Deps } from '#platform/module.ts';
import { appleSecret } from './apple-secret.ts';

/** A network by which people may sign in here, as a button shows it. */
export interface Network {
  id: string;
  name: string;
}

type SocialProviders = NonNullable<BetterAuthOptions['socialProviders']>;

/** Those that the library knows itself, in the order of the buttons, with our names for its. */
const BUILT_IN = {
  google: 'Google',
  facebook: 'Facebook',
  apple: 'Apple',
  x: 'X',
} as const;

/** The networks that this retailer has configured; no others are offered. */
export function networksOf({ signIn }: Config): Network[] {
  const builtIn = Object.entries(BUILT_IN)
    .filter(([id]) => signIn[id as keyof typeof BUILT_IN])
    .map(([id, name]) => ({ id: providerIdOf(id), name }));
  const pinterest = signIn.pinterest ? [{ id: 'pinterest', name: 'Pinterest' }] : [];
  const oidc = signIn.oidc ? [{ id: 'oidc', name: signIn.oidc.name }] : [];
  return [...builtIn, ...pinterest, ...oidc];
}

const providerIdOf = (id: string) => (id === 'x' ? 'twitter' : id);

/**
 * An address that a network has not checked proves nothing: the account waits until a mail to it is answered.
 * Otherwise anybody could take an address first and wait for its owner.
 */
const REQUIRE_CHECKED_ADDRESS = { requireEmailVerification: true };

export function socialProvidersOf({
  config: { signIn },
  now,
}: Pick<Deps, 'config' | 'now'>): SocialProviders {
  const { google, facebook, apple, x } = signIn;
  return {
    ...(google && { google: { ...google, ...REQUIRE_CHECKED_ADDRESS } }),
    ...(facebook && { facebook: { ...facebook, ...REQUIRE_CHECKED_ADDRESS } }),
    ...(apple && {
      apple: async () => ({
        clientId: apple.clientId,
        get clientSecret() {
          return appleSecret(apple, now());
        },
        ...REQUIRE_CHECKED_ADDRESS,
      }),
    }),
    ...(x && { twitter: x }),
  };
}

/** Pinterest tells neither an e-mail address nor an OpenID identity: its members get a stand-in address. */
export function pinterestOf({ signIn: { pinterest } }: Config): GenericOAuthConfig[] {
  if (!pinterest) return [];
  return [
    {
      providerId: 'pinterest',
      name: 'Pinterest',
      ...pinterest,
      authorizationUrl: 'https://www.pinterest.com/oauth/',
      tokenUrl: 'https://api.pinterest.com/v5/oauth/token',
      userInfoUrl: 'https://api.pinterest.com/v5/user_account',
      authentication: 'basic' as const,
      scopes: ['user_accounts:read'],
      mapProfileToUser: (profile: Record<string, unknown>) => ({
        name: textIn(profile, 'username') ?? 'Pinterest',
        email: `${textIn(profile, 'id') ?? ''}@pinterest.${PLACEHOLDER_DOMAIN}`,
        emailVerified: false,
      }),
    },
  ];
}

function textIn(profile: Record<string, unknown>, name: string): string | undefined {
  const value = profile[name];
  return typeof value === 'string' && value ? value : undefined;
}

export const discoveryUrlOf = (issuer: string) =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

/** An OpenID Connect provider of the retailer's own choice; the rest is read from its discovery document. */
export function oidcOf({ signIn: { oidc } }: Config): GenericOAuthConfig[] {
  if (!oidc) return [];
  return [
    {
      providerId: 'oidc',
      name: oidc.name,
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      discoveryUrl: discoveryUrlOf(oidc.issuer),
      requireIdTokenVerification: true,
      requireEmailVerification: true,
      scopes: ['openid', 'profile', 'email'],
    },
  ];
}

/** Reserved by RFC 2606: mail to it reaches nobody. */
const PLACEHOLDER_DOMAIN = 'invalid';

/** False for a stand-in address of a network that told none, and for an erased member's. */
export const isRealAddress = (email: string) => !email.endsWith(`.${PLACEHOLDER_DOMAIN}`);
