import { hash } from 'node:crypto';
import type { DB } from './tables.ts';

export type NodeKind = DB['persons.node']['kind'];
export const NODE_KINDS = [
  'anonymous',
  'device',
  'member',
  'customer',
  'handle',
] as const satisfies NodeKind[];

/** Something that stands for a person somewhere. `scope` is the source of an anonymous id or device, a handle's network. */
export interface PersonNode {
  kind: NodeKind;
  scope: string;
  value: string;
}

/** The same for all who name it; ClickHouse makes it of an event's own columns. */
export function nodeId({ kind, scope, value }: PersonNode): string {
  const hex = hash('sha256', `${kind}\0${scope}\0${value}`, 'hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

export const memberNode = (memberId: string): PersonNode => ({
  kind: 'member',
  scope: '',
  value: memberId.toLowerCase(),
});
export const customerNode = (customerId: string): PersonNode => ({
  kind: 'customer',
  scope: '',
  value: customerId,
});
