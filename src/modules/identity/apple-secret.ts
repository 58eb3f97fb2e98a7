import { sign } from 'node:crypto';
import type { Config } from '#platform/config.ts';

type AppleClient = NonNullable<Config['signIn']['apple']>;

const GOOD_FOR_SECONDS = 300;

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Apple knows no lasting client secret: a token signed with the developer's key stands for one. */
export function appleSecret({ clientId, teamId, keyId, privateKey }: AppleClient, now: Date): string {
  const iat = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: teamId,
    iat,
    exp: iat + GOOD_FOR_SECONDS,
    aud: 'https://appleid.apple.com',
    sub: clientId,
  };
  const unsigned = `${encoded({ alg: 'ES256', kid: keyId })}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(unsigned), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${unsigned}.${signature.toString('base64url')}`;
}
