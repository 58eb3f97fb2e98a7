import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

/** What a server must never be made to call: itself, its network, and what is no single machine. IANA's registries. */
const NOT_PUBLIC_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // the clouds' metadata too
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
/** Of what is public at all: documentation, and what wraps another address. */
const NOT_PUBLIC_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const v4 = new BlockList();
for (const [net, bits] of NOT_PUBLIC_V4) v4.addSubnet(net, bits, 'ipv4');
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
const v6 = new BlockList();
for (const [net, bits] of NOT_PUBLIC_V6) v6.addSubnet(net, bits, 'ipv6');

/** True for an address that only this machine or its network can reach, also one in IPv6's clothes. */
export function isInside(address: string): boolean {
  if (isIP(address) === 4) return v4.check(address, 'ipv4');
  return !publicV6.check(address, 'ipv6') || v6.check(address, 'ipv6');
}

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;
export const resolveHost: Resolve = (host) => dns.promises.lookup(host, { all: true });

interface Rules {
  /** Lifts the guard, for tests. */
  isInsecure: boolean;
}

/** What a connection fails with whose name resolves to an inside address, or to none. */
export const ADDRESS_REFUSED = 'address refused';

/** Resolves for one connection, which then goes to what was checked here: a name can't change its mind in between. */
export function guardedLookup({ isInsecure }: Rules, resolve: Resolve): LookupFunction {
  const checked = callbackify(async (host: string) => {
    const found = await resolve(host);
    const [first] = found;
    if (!first || (!isInsecure && found.some(({ address }) => isInside(address))))
      throw new Error(ADDRESS_REFUSED);
    return { found, first };
  });
  return (host, options, done) =>
    checked(host, (error, answer) => {
      if (error) done(error, '', 0);
      else if (options.all) done(null, answer.found);
      else done(null, answer.first.address, answer.first.family);
    });
}
