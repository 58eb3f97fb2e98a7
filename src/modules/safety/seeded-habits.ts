import type { Chance, Hands, Population } from './seeded-population.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const SIGNATURE = 'With kind greetings from the little house by the lake';
const THANKS =
  'Thank you for your kind words, we are happy that it reached you well and that you like it as much as we do here in the workshop';

/**
 * What people do that looks like an attack and is none: the shop's clerks thank many in the same words, some sign all they
 * write, say a thing twice, have a phrase of their own or talk for an hour, and a product that is new finds many new members.
 */
export function liveOddly(made: Population, chance: Chance, hands: Hands): void {
  const { ago, join, write, sentence, stock } = hands;
  const people = made.members.flatMap(({ id }) => (made.attackers.has(id) ? [] : [id]));
  const size = people.length;
  const some = (share: number) =>
    Array.from({ length: Math.max(2, Math.round(size * share)) }, () => chance.one(people));
  const lately = (days: number) => ago(chance.next() * days * DAY_MS);

  for (const by of some(0.0005))
    for (let thanks = 0; thanks < 30; thanks++)
      write('answer', by, lately(6), `${THANKS} ${chance.one(people).slice(0, 4)}`);
  for (const by of some(0.005))
    for (let said = 0; said < 5; said++) write('comment', by, lately(7), `${sentence()} ${SIGNATURE} ${by}`);
  for (const by of some(0.005)) {
    const text = sentence();
    for (let said = 0; said < 2; said++) write('review', by, lately(7), text);
  }
  for (const by of some(0.001)) for (let said = 0; said < 2; said++) write('comment', by, lately(7), stock());
  for (const by of some(0.001)) {
    const phrase = sentence();
    for (let said = 0; said < 4; said++) write('comment', by, lately(7), phrase);
  }
  for (const by of some(0.001)) {
    const began = chance.next() * 20 * 60;
    for (let said = 0; said < 15 + chance.below(8); said++)
      write('comment', by, ago((began + 65 + chance.below(30)) * MINUTE_MS), sentence());
  }
  const launched = made.products[1] ?? '';
  for (let buyer = 0; buyer < 30; buyer++) {
    const by = buyer % 3 === 0 ? join(`launch ${buyer}`, chance.next() * 6) : chance.one(people);
    write('review', by, lately(6), sentence(), launched);
  }
}
