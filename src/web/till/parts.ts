import { type PlainKey, say } from '../messages.ts';

/** The parts of the till that have a page, in the order of a day at the counter. */
const PARTS: readonly { href: string; name: PlainKey }[] = [
  { href: '/till/sell', name: 'till.sell' },
  { href: '/till/pick', name: 'till.pick' },
  { href: '/till/hand-over', name: 'till.hand_over' },
  { href: '/till/take-back', name: 'till.take_back' },
  { href: '/till/stock', name: 'till.stock' },
  { href: '/till/code', name: 'till.code' },
  { href: '/till/drawer', name: 'till.drawer' },
  { href: '/till/conflicts', name: 'till.conflicts' },
];

export const tillParts = () => PARTS.map(({ href, name }) => ({ href, name: say(name) }));
