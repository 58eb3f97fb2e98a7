import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aNetworkAddress, aSignedInMember, cookieHeader } from './factory.ts';
import { passkeysOf, removePasskey } from './passkeys.ts';

type App = Pick<FastifyInstance, 'inject'>;

const ORIGIN = 'http://localhost:4000';
const ROUTES = '/v1/identity/auth/passkey';
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

/** A security key in software: one key pair, which signs what it is asked and counts how often. */
function aDevice(rpId = 'localhost', origin = ORIGIN) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16);
  let counter = 0;
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = (flags: number) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter++);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const about = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' };
  return {
    create(challenge: string) {
      const length = Buffer.from([0, id.length]);
      const data = Buffer.concat([authenticatorData(0x45), Buffer.alloc(16), length, id, coseKey(publicKey)]);
      return {
        ...about,
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', challenge).toString('base64url'),
          attestationObject: attestation(data).toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    get(challenge: string) {
      const client = clientData('webauthn.get', challenge);
      const data = authenticatorData(0x05);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey);
      return {
        ...about,
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      };
    },
  };
}

const cborText = (text: string) => Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
/** In the shortest form, as the format wants it: readers measure by writing again. */
function cborBytes(bytes: Buffer): Buffer {
  const { length } = bytes;
  const head = length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** CBOR of { 1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y }. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]);
  const part = (text: string) => cborBytes(Buffer.from(text, 'base64url'));
  return Buffer.concat([head, part(x), Buffer.from([0x22]), part(y)]);
}

const attestation = (data: Buffer) =>
  Buffer.concat([
    Buffer.from([0xa3]),
    cborText('fmt'),
    cborText('none'),
    cborText('attStmt'),
    Buffer.from([0xa0]),
    cborText('authData'),
    cborBytes(data),
  ]);

/** A ceremony as the browser's part does it: a challenge, and what the device made of it. */
async function ceremony(
  app: App,
  kind: 'register' | 'authenticate',
  respond: (challenge: string) => object,
  cookie = '',
) {
  const remoteAddress = aNetworkAddress();
  const asked = await app.inject({
    url: `${ROUTES}/generate-${kind}-options`,
    headers: { cookie },
    remoteAddress,
  });
  if (asked.statusCode !== 200) return asked;
  const cookies = [cookie, cookieHeader([asked.headers['set-cookie'] ?? ''].flat())]
    .filter(Boolean)
    .join('; ');
  return app.inject({
    method: 'POST',
    url: `${ROUTES}/verify-${kind === 'register' ? 'registration' : 'authentication'}`,
    headers: { cookie: cookies, origin: ORIGIN },
    payload: { response: respond(asked.json().challenge), ...(kind === 'register' && { name: 'Laptop' }) },
    remoteAddress,
  });
}

test('a member adds a passkey and signs in with it, until it is removed', async ({ app, deps, db }) => {
  const { memberId, cookie } = await aSignedInMember(deps);
  const device = aDevice();
  const added = await ceremony(app, 'register', (challenge) => device.create(challenge), cookie);
  expect([added.statusCode, added.json()]).toEqual([200, { done: true }]);
  const [passkey] = await passkeysOf(db, memberId);
  expect(passkey).toMatchObject({ name: 'Laptop' });

  const entered = await ceremony(app, 'authenticate', (challenge) => device.get(challenge));
  expect([entered.statusCode, entered.json()]).toEqual([200, { done: true }]);
  const session = cookieHeader([entered.headers['set-cookie'] ?? ''].flat());
  const me = await app.inject({ url: '/v1/identity/me', headers: { cookie: session } });
  expect(me.json()).toMatchObject({ kind: 'member', memberId });

  await inTransaction(db, (tx) => removePasskey(tx, memberId, passkey?.id ?? ''));
  const refused = await ceremony(app, 'authenticate', (challenge) => device.get(challenge));
  expect(refused.json()).toMatchObject({ type: '/problems/identity.passkey_refused' });
  expect(refused.headers['set-cookie']).toBeUndefined();
});

test('a passkey of another site, another key, or an old challenge opens nothing', async ({ app, deps }) => {
  const { cookie } = await aSignedInMember(deps);
  const device = aDevice();
  await ceremony(app, 'register', (challenge) => device.create(challenge), cookie);
  const phished = { ...aDevice('evil.example', 'https://evil.example') };
  const attempts = [
    (challenge: string) => ({
      ...phished.get(challenge),
      id: device.get('').id,
      rawId: device.get('').rawId,
    }),
    (challenge: string) => ({
      ...aDevice().get(challenge),
      id: device.get('').id,
      rawId: device.get('').rawId,
    }),
    () => device.get(randomBytes(32).toString('base64url')),
    () => ({}),
  ];
  for (const attempt of attempts) {
    const answer = await ceremony(app, 'authenticate', attempt);
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([422, undefined]);
  }
});

test('a guest cannot add a passkey, nor anybody to somebody else’s account', async ({ app, deps, db }) => {
  const [ada, bea] = [await aSignedInMember(deps), await aSignedInMember(deps)];
  expect((await ceremony(app, 'register', (challenge) => aDevice().create(challenge))).statusCode).toBe(422);
  const unreadable = await ceremony(app, 'register', () => ({}), ada.cookie);
  expect(unreadable.json()).toMatchObject({ type: '/problems/identity.passkey_refused' });
  const asked = await app.inject({
    url: `${ROUTES}/generate-register-options`,
    headers: { cookie: ada.cookie },
  });
  const challenge = cookieHeader([asked.headers['set-cookie'] ?? ''].flat());
  const crossed = await app.inject({
    method: 'POST',
    url: `${ROUTES}/verify-registration`,
    headers: { cookie: `${bea.cookie}; ${challenge}`, origin: ORIGIN },
    payload: { response: aDevice().create(asked.json().challenge) },
  });
  expect(crossed.statusCode).toBe(422);
  expect(await passkeysOf(db, ada.memberId)).toEqual([]);
  expect(await passkeysOf(db, bea.memberId)).toEqual([]);
});
