import { sql } from 'kysely';
import { marketplaceOrganization, teamOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { textsOf } from '#platform/texts.ts';
import { feeds } from './feeds.ts';
import { muted } from './findings.ts';
import type { Fault } from './judge.ts';
import { own } from './own.ts';

const text = textsOf({
  'quality.subject': '{shop}: something is not as usual in the data',
  'quality.lead': 'Compared with what it was like before:',
  'quality.each': '{fault} at {feed}{subject}: {value}, usual is {expected}',
  'quality.next': 'More, and how to be told no more of one of them: {link}',
  'quality.arrival': 'Nothing came',
  'quality.volume': 'More or less came',
  'quality.freshness': 'It comes late',
  'quality.duplicates': 'More comes twice',
  'quality.unmatched': 'More names what nobody knows',
  'quality.failures': 'More was refused',
  'quality.new_property': 'A new property',
  'quality.new_type': 'A property of another type',
  'quality.vanished_property': 'A property is gone',
  'quality.ledgers': 'our own ledgers',
});
const FINDINGS_MAX = 50;

interface Untold {
  id: string;
  feed: string;
  fault: Fault;
  subject: string;
  value: number;
  expected: number;
}

/** Job. One mail to each admin of what was opened since the last one, but for what is muted; a failure is tried again. */
export async function tellFindings(deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>): Promise<void> {
  const { db, mailer, config, now } = deps;
  const at = now();
  const { rows } = await sql<Untold>`
    select id, feed, fault, subject, value, expected from quality.finding
    where told_at is null and closed_at is null and not ${muted(at)}
    order by opened_at, feed, fault, subject limit ${FINDINGS_MAX}`.execute(db);
  if (rows.length === 0) return;
  const names = new Map((await feeds(db)).map(({ id, name }) => [id, name]));
  const lines = rows.map(({ feed, fault, subject, value, expected }) =>
    text('quality.each', {
      fault: text(`quality.${fault}`),
      feed: names.get(feed) || (feed.startsWith('follower:') ? feed.slice(9) : text('quality.ledgers')),
      subject: subject && ` (${subject})`,
      value: rounded(value),
      expected: rounded(expected),
    }),
  );
  const next = text('quality.next', { link: `${config.publicUrl}/desk/quality` });
  const body = [text('quality.lead'), '', ...lines, '', next, ''].join('\n');
  const { id } = await inTransaction(db, marketplaceOrganization);
  const admins = (await teamOf(db, id)).filter(({ roles }) => roles.includes('admin'));
  const subject = text('quality.subject', { shop: config.shopName });
  for (const { email: to } of admins) await mailer({ to, subject, text: body });
  await own(db)
    .updateTable('quality.finding')
    .set({ told_at: at })
    .where(
      'id',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
}

const rounded = (value: number): string => String(Math.round(value * 1000) / 1000);
