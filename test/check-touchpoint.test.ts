import { expect, test } from 'vitest';
import { branchesIn } from '../scripts/check-touchpoint.ts';

/** What the check says of a piece of code: the text of each branch. */
const foundIn = (code: string, path = 'planted.tsx') => branchesIn(path, code).map((branch) => branch.code);

test.for([
  [`if (order.touchpoint === 'till') give();`, `order.touchpoint === 'till'`],
  [`const isWeb = 'web' !== touchpoint;`, `'web' !== touchpoint`],
  [`const isLate = touchpoint > 'm';`, `touchpoint > 'm'`],
  [`switch (order?.touchpoint) { case 'app': go(); }`, `order?.touchpoint`],
  [`switch (true) { case touchpoint === 'app': go(); }`, `touchpoint === 'app'`],
  [`const rate = touchpoint ? 1 : 2;`, `touchpoint`],
  [`if (!row.touch_point) go();`, `!row.touch_point`],
  [`while (touchpoint) go();`, `touchpoint`],
  [`touchpoint && go();`, `touchpoint`],
  [`if (touchpoint.startsWith('network:')) go();`, `touchpoint.startsWith('network:')`],
  [`const is = order.touchpoint.includes(':');`, `order.touchpoint.includes(':')`],
  [`const kind = touchpoint.split(':')[0];`, `touchpoint.split(':')`],
  [`const is = SOLD_HERE.includes(order.touchpoint);`, `SOLD_HERE.includes(order.touchpoint)`],
  [`const rate = RATES.get(touchpoint);`, `RATES.get(touchpoint)`],
  [`const is = /^net/.test(order['touchpoint']);`, `/^net/.test(order['touchpoint'])`],
  [`const rate = RATES[touchpoint];`, `RATES[touchpoint]`],
  [`const rate = RATES[order.touchpoint ?? 'web'];`, `RATES[order.touchpoint ?? 'web']`],
  [`const is = touchpoint in RATES;`, `touchpoint in RATES`],
  [`const where = order.touchpoint; if (where === 'till') go();`, `where === 'till'`],
  [`const { touchpoint: where } = order; const is = RATES[where];`, `RATES[where]`],
  [`db.where('o.touchpoint', '=', 'till');`, `db.where('o.touchpoint', '=', 'till')`],
  ["sql`select 1 where o.touchpoint = 'till'`", `o.touchpoint = 'till'`],
  ["sql`select 1 where ${x} and touchpoint in ('till', 'web')`", `touchpoint in ('till',`],
  ["sql`select 1 where touchpoint not like 'network:%'`", `touchpoint not like 'network:%'`],
  ["sql`select 1 where 'till' = o.touchpoint`", `'till' = o.touchpoint`],
  ['sql`select case when o.touchpoint is null then 1 end`', `case when o.touchpoint`],
  ["sql`select case touchpoint when 'till' then 1 end`", `case touchpoint`],
  ["sql`select if(startsWith(touchpoint, 'net'), 1, 2)`", `if(startsWith(touchpoint`],
] as const)('finds %s', ([code, expected]) => {
  expect(foundIn(code)[0]?.startsWith(expected), foundIn(code).join(' | ')).toBe(true);
});

test('finds it in a migration, with its line', () => {
  const code = "create table a.b ();\ncreate index c on a.b (d)\n  where touchpoint = 'till';\n";
  expect(branchesIn('1.sql', code)).toEqual([{ line: 3, code: "touchpoint = 'till';" }]);
});

test.for([
  `record({ touchpoint: order.touchpoint });`,
  `const facts = { ...wish, touchpoint: wish.touchpoint ?? \`marketplace:\${source}\` };`,
  `const cell = ({ touchpoint }) => touchpointName(touchpoint);`,
  `if (facts.some((each) => each.amount > 0)) show(touchpoint);`,
  "sql`select o.touchpoint, o.state from orders.order o where o.state = 'paid'`",
  "sql`select case when o.state = 'paid' then 1 end, o.touchpoint from orders.order o`",
  `if (kind === 'counter') go({ touchpoint });`,
])('lets pass what only carries it: %s', (code) => {
  expect(foundIn(code)).toEqual([]);
});
