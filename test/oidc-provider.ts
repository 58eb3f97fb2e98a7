import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Somebody who has an account at the stand-in network, and agrees to whatever is asked. */
export interface Person {
  sub: string;
  name: string;
  email: string;
  email_verified: boolean;
}

interface Grant {
  person: Person;
  nonce: string;
  challenge: string;
  redirectUri: string;
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A network that speaks OpenID Connect on 127.0.0.1: discovery, authorization code with PKCE, signed ID tokens.
 * It is strict where a real one is: a code counts once, for its redirect address and its verifier.
 */
export async function openIdProvider(client: { clientId: string; clientSecret: string }, port = 0) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const state = { person: undefined as Person | undefined, forgeNonce: false };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => send(response, 500, { error: 'server_error' }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return send(response, 200, discovery(issuer));
      case '/keys':
        return send(response, 200, {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
        });
      case '/authorize':
        return authorize(url.searchParams, response);
      case '/token':
        return token(new URLSearchParams(await bodyOf(request)), request, response);
      default:
        return send(response, 404, { error: 'not_found' });
    }
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri') ?? '';
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    const asked = query.get('client_id') === client.clientId && query.get('response_type') === 'code';
    if (!state.person || !asked || query.get('code_challenge_method') !== 'S256') {
      back.searchParams.set('error', 'access_denied');
    } else {
      const code = randomBytes(16).toString('hex');
      const nonce = query.get('nonce') ?? '';
      const challenge = query.get('code_challenge') ?? '';
      grants.set(code, { person: state.person, nonce, challenge, redirectUri });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  function token(form: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
    const isClient =
      request.headers.authorization === `Basic ${basic}` ||
      (form.get('client_id') === client.clientId && form.get('client_secret') === client.clientSecret);
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (
      !isClient ||
      !grant ||
      grant.challenge !== verifier ||
      grant.redirectUri !== form.get('redirect_uri')
    ) {
      return send(response, 400, { error: 'invalid_grant' });
    }
    const now = Math.floor(Date.now() / 1000);
    const nonce = state.forgeNonce ? 'another' : grant.nonce;
    const claims = { iss: issuer, aud: client.clientId, iat: now, exp: now + 300, nonce, ...grant.person };
    const unsigned = `${base64url({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${base64url(claims)}`;
    const signature = sign('sha256', Buffer.from(unsigned), privateKey).toString('base64url');
    return send(response, 200, {
      access_token: randomBytes(16).toString('hex'),
      token_type: 'Bearer',
      expires_in: 300,
      id_token: `${unsigned}.${signature}`,
    });
  }

  return {
    issuer,
    /** Whoever sits before the screen when the network is next asked; nobody declines. */
    seat: (person: Person | undefined) => void (state.person = person),
    forgeNonce: (forge: boolean) => void (state.forgeNonce = forge),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const discovery = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
