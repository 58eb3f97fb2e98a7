import { createHash, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Config } from '#platform/config.ts';

/** Somebody with an account at a network, and how much of them it tells. */
export interface Account {
  id: string;
  name: string;
  email?: string;
  /** Google says it of every address, the others where their dialect has a word for it. */
  isChecked?: boolean;
}

type Network = 'google' | 'facebook' | 'apple' | 'twitter' | 'pinterest';

interface Grant {
  account: Account;
  redirectUri: string;
  challenge: string | null;
}

interface Asked {
  url: URL;
  form: URLSearchParams;
  headers: IncomingMessage['headers'];
}

interface Answer {
  status?: number;
  body: object;
}

/** What a browser is to do next: follow a link, or send the form that a page sends by itself. */
export type Sent = { get: URL } | { post: URL; form: URLSearchParams };

const { publicKey: appleKey, privateKey: applePrivateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
});
const { privateKey: tokenKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const CLIENT = { clientId: 'stoa-client', clientSecret: 'the-secret-of-the-stand-ins' };
const APPLE = { clientId: 'shop.stoa.web', teamId: 'TEAM123456', keyId: 'KEY1234567' };

/** As an operator configures them. */
export const NETWORK_CLIENTS: Config['signIn'] = {
  google: CLIENT,
  facebook: CLIENT,
  x: CLIENT,
  pinterest: CLIENT,
  apple: { ...APPLE, privateKey: applePrivateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
};

/** Where each network listens, as its documentation says. */
const AUTHORIZE: Record<string, Network> = {
  'accounts.google.com/o/oauth2/v2/auth': 'google',
  'www.facebook.com/v24.0/dialog/oauth': 'facebook',
  'appleid.apple.com/auth/authorize': 'apple',
  'x.com/i/oauth2/authorize': 'twitter',
  'www.pinterest.com/oauth/': 'pinterest',
};
const TOKEN: Record<string, Network> = {
  'oauth2.googleapis.com/token': 'google',
  'graph.facebook.com/v24.0/oauth/access_token': 'facebook',
  'appleid.apple.com/auth/token': 'apple',
  'api.x.com/2/oauth2/token': 'twitter',
  'api.pinterest.com/v5/oauth/token': 'pinterest',
};
const SCOPES: Record<Network, string> = {
  google: 'email profile openid',
  facebook: 'email public_profile',
  apple: 'email name',
  twitter: 'users.read tweet.read offline.access users.email',
  pinterest: 'user_accounts:read',
};

/**
 * Google, Facebook, Apple, X and Pinterest on 127.0.0.1. Better Auth knows their addresses itself, so `fetch` leads
 * those hosts here, over HTTP; what is said is what each one's documentation says. They are strict where the real ones
 * are: a code counts once, for its client, its redirect address and its verifier.
 */
export async function standInNetworks() {
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Account>();
  const seats = { account: undefined as Account | undefined, met: new Set<string>() };

  function token(network: Network, { form, headers }: Asked): Answer {
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGranted =
      grant?.redirectUri === form.get('redirect_uri') &&
      form.get('grant_type') === 'authorization_code' &&
      (grant.challenge === null || grant.challenge === verifier);
    if (!isClient(network, form, headers.authorization) || !isGranted) return refusal(network);
    const accessToken = randomBytes(16).toString('hex');
    tokens.set(accessToken, grant.account);
    return { body: tokenAnswer(network, accessToken, grant.account) };
  }

  function answer(asked: Asked): Answer {
    const path = asked.url.pathname.slice(1);
    const network = TOKEN[path];
    if (network) return token(network, asked);
    const account = tokens.get(asked.headers.authorization?.replace(/^Bearer /, '') ?? '');
    if (path === 'graph.facebook.com/debug_token')
      return { body: debugToken(asked.url.searchParams, tokens) };
    if (!account) return { status: 401, body: { title: 'Unauthorized', status: 401 } };
    if (path === 'graph.facebook.com/me') return { body: facebookMe(account, asked.url.searchParams) };
    if (path === 'api.x.com/2/users/me') return { body: { data: xMe(account, asked.url.searchParams) } };
    if (path === 'api.pinterest.com/v5/user_account') return { body: pinterestAccount(account) };
    return { status: 404, body: { error: 'not_found' } };
  }

  /** What a person sees and presses at the network, and where that sends their browser. */
  function consent(location: string): Sent {
    const { host, pathname, searchParams: query } = new URL(location);
    const network = AUTHORIZE[host + pathname];
    const redirectUri = query.get('redirect_uri') ?? '';
    if (!network || query.get('client_id') !== clientIdOf(network))
      throw new Error(`${location}: unknown client`);
    if (query.get('scope') !== SCOPES[network]) throw new Error(`${location}: other scopes`);
    const state = query.get('state') ?? '';
    const { account } = seats;
    if (!account) return sent(network, redirectUri, { state, ...DENIED[network] });
    const challenge = query.get('code_challenge');
    const needsProof = network === 'google' || network === 'twitter';
    if (needsProof && query.get('code_challenge_method') !== 'S256') throw new Error(`${location}: no PKCE`);
    const code = randomBytes(16).toString('hex');
    grants.set(code, { account, redirectUri, challenge: needsProof ? challenge : null });
    const isFirst = !seats.met.has(account.id);
    seats.met.add(account.id);
    // Apple tells the name once, and in the form.
    const [firstName, lastName] = account.name.split(' ');
    const user = JSON.stringify({ name: { firstName, lastName }, email: account.email });
    return sent(network, redirectUri, { state, code, ...(network === 'apple' && isFirst && { user }) });
  }

  const { origin, close } = await serve(answer);
  const theirs = new Set([...Object.keys(TOKEN), 'graph.facebook.com/'].map((path) => path.split('/')[0]));
  const really = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return theirs.has(url.host)
      ? really(`${origin}/${url.host}${url.pathname}${url.search}`, init)
      : really(input, init);
  };
  return {
    consent,
    /** Whoever sits before the screen when a network is next asked; nobody declines. */
    seat: (account: Account | undefined) => void (seats.account = account),
    close: async () => {
      globalThis.fetch = really;
      await close();
    },
  };
}

const DENIED: Record<Network, Record<string, string>> = {
  google: { error: 'access_denied' },
  facebook: {
    error: 'access_denied',
    error_code: '200',
    error_description: 'Permissions error',
    error_reason: 'user_denied',
  },
  apple: { error: 'user_cancelled_authorize' },
  twitter: { error: 'access_denied' },
  pinterest: { error: 'access_denied' },
};

function sent(network: Network, redirectUri: string, facts: Record<string, string>): Sent {
  const form = new URLSearchParams(facts);
  const url = new URL(redirectUri);
  if (network === 'apple') return { post: url, form };
  url.search = form.toString();
  return { get: url };
}

const clientIdOf = (network: Network) => (network === 'apple' ? APPLE : CLIENT).clientId;

function isClient(network: Network, form: URLSearchParams, authorization = ''): boolean {
  if (network === 'apple')
    return form.get('client_id') === APPLE.clientId && isAppleSecret(form.get('client_secret') ?? '');
  const { clientId, clientSecret } = CLIENT;
  if (network === 'google' || network === 'facebook') {
    return form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
  }
  return authorization === `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** A token signed with the developer's key, for this client and for at most half a year. */
function isAppleSecret(secret: string): boolean {
  const [head = '', body = '', signature = ''] = secret.split('.');
  const { alg, kid } = decoded(head);
  const { iss, sub, aud, exp } = decoded(body);
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: appleKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  const left = Number(exp) - Date.now() / 1000;
  const isOurs = alg === 'ES256' && kid === APPLE.keyId && iss === APPLE.teamId && sub === APPLE.clientId;
  return isSigned && isOurs && aud === 'https://appleid.apple.com' && left > 0 && left < 15_777_000;
}

const decoded = (part: string) =>
  JSON.parse(Buffer.from(part, 'base64url').toString() || '{}') as Record<string, unknown>;

const refusal = (network: Network): Answer => ({
  status: 400,
  body:
    network === 'facebook'
      ? {
          error: {
            message: 'Invalid verification code format.',
            type: 'OAuthException',
            code: 100,
            fbtrace_id: 'A',
          },
        }
      : { error: 'invalid_grant', error_description: 'The code is not valid.' },
});

function tokenAnswer(network: Network, access_token: string, account: Account): object {
  const bearer = { access_token, token_type: network === 'google' ? 'Bearer' : 'bearer', expires_in: 3599 };
  const scope = SCOPES[network];
  const { id: sub, name, email, isChecked = true } = account;
  switch (network) {
    case 'google': {
      const claims = {
        iss: 'https://accounts.google.com',
        email,
        email_verified: isChecked,
        name,
        picture: 'https://lh3.example/p',
      };
      return { ...bearer, scope, id_token: idToken(sub, CLIENT.clientId, claims) };
    }
    case 'apple': {
      // Its claim is a word or a truth value, and it tells no name.
      const claims = {
        iss: 'https://appleid.apple.com',
        email,
        email_verified: String(isChecked),
        is_private_email: 'true',
      };
      return { ...bearer, refresh_token: 'r', id_token: idToken(sub, APPLE.clientId, claims) };
    }
    case 'facebook':
      return { ...bearer, expires_in: 5_183_944 };
    case 'twitter':
      return { ...bearer, scope, refresh_token: 'r' };
    case 'pinterest':
      return {
        ...bearer,
        scope,
        refresh_token: 'r',
        response_type: 'authorization_code',
        refresh_token_expires_in: 31_536_000,
      };
  }
}

function idToken(sub: string, aud: string, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  const unsigned = `${part({ alg: 'RS256', kid: 'one' })}.${part({ sub, aud, iat, exp: iat + 3600, ...claims })}`;
  return `${unsigned}.${sign('sha256', Buffer.from(unsigned), tokenKey).toString('base64url')}`;
}

function debugToken(query: URLSearchParams, tokens: Map<string, Account>): object {
  const account = tokens.get(query.get('input_token') ?? '');
  const isOurs = query.get('access_token') === `${CLIENT.clientId}|${CLIENT.clientSecret}`;
  if (!account || !isOurs) return { data: { is_valid: false, scopes: [] } };
  return {
    data: {
      app_id: CLIENT.clientId,
      type: 'USER',
      is_valid: true,
      scopes: ['email', 'public_profile'],
      user_id: account.id,
    },
  };
}

/** Graph tells the fields that were asked for, and never whether an address was checked. */
function facebookMe({ id, name, email }: Account, query: URLSearchParams): object {
  const picture = { data: { height: 50, is_silhouette: false, url: 'https://fb.example/p.jpg', width: 50 } };
  const facts = Object.entries({ id, name, email, picture });
  const asked = (query.get('fields') ?? 'id,name').split(',');
  return Object.fromEntries(facts.filter(([field]) => asked.includes(field)));
}

/** X tells an address only to who asks for that field, and only one that was confirmed. */
function xMe({ id, name, email }: Account, query: URLSearchParams): object {
  const asked = query.get('user.fields')?.split(',') ?? [];
  return {
    id,
    name,
    username: `x_${id}`,
    ...(asked.includes('profile_image_url') && { profile_image_url: 'https://x.example/p.jpg' }),
    ...(asked.includes('confirmed_email') && email !== undefined && { confirmed_email: email }),
  };
}

const pinterestAccount = ({ id, name }: Account) => ({
  account_type: 'PINNER',
  id,
  username: name,
  profile_image: 'https://pin.example/p.jpg',
  website_url: '',
  about: '',
  business_name: null,
  board_count: 3,
  pin_count: 9,
  follower_count: 1,
  following_count: 1,
  monthly_views: 0,
});

async function serve(answer: (asked: Asked) => Answer) {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const { status = 200, body } = answer({ url, form, headers: request.headers });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
