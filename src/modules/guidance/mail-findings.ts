import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { inTransaction } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { textsOf } from '#platform/texts.ts';
import { marketplaceOrganization, teamOf } from '../identity/index.ts';
import { metricOf } from '../insight/index.ts';
import type { Watched } from './markets.ts';

export const MAIL_FINDINGS = 'guidance.mail_findings';

const text = textsOf({
  'guidance.mail.subject': {
    one: '{shop}: a figure is out of the ordinary',
    other: '{shop}: {count} figures are out of the ordinary',
  },
  'guidance.mail.all': 'all regions',
  'guidance.mail.up': '{metric}, {region}: above what was to be expected, since {day}',
  'guidance.mail.down': '{metric}, {region}: below what was to be expected, since {day}',
});

const Payload = Type.Object({ ownerId: Type.String() });
/** A mail that a worker claimed and then died with is sent by another after that. */
const CLAIM_MINUTES = 10;

interface Claimed {
  findingId: string;
  metric: string;
  region: string;
  direction: 'up' | 'down';
  fromDay: string;
}

/** Job. Tells an owner of all that waits for them, in one mail. Who has left the team is told nothing. */
export async function mailFindings(
  { db, mailer, config, now }: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { ownerId } = Value.Parse(Payload, payload);
  const at = now();
  const { claimed, email } = await inTransaction(db, async (tx) => {
    const { id } = await marketplaceOrganization(tx);
    const owner = (await teamOf(tx, id)).find(({ memberId }) => memberId === ownerId);
    const until = new Date(at.getTime() - CLAIM_MINUTES * 60_000);
    const { rows } = await sql<Claimed & { isTaken: boolean }>`
      with waiting as (
        select finding_id, claimed_at > ${until} as taken from guidance.alert
        where owner_id = ${ownerId} and sent_at is null order by finding_id for update
      ), claimed as (
        update guidance.alert alert set claimed_at = ${at} from waiting
        where alert.finding_id = waiting.finding_id and owner_id = ${ownerId} and taken is not true
      )
      select finding.id as "findingId", metric, region, direction, from_day as "fromDay", coalesce(taken, false) as "isTaken"
      from waiting join guidance.finding finding on finding.id = finding_id
      order by from_day, metric, region`.execute(tx);
    const again = new Date(at.getTime() + CLAIM_MINUTES * 60_000);
    if (rows.some(({ isTaken }) => isTaken))
      await addJob(tx, MAIL_FINDINGS, { ownerId }, `${ownerId}:again`, { runAt: again });
    return { claimed: rows.filter(({ isTaken }) => !isTaken), email: owner?.email };
  });
  if (claimed.length === 0) return;
  const ids = claimed.map(({ findingId }) => findingId);
  try {
    if (email !== undefined) await mailer({ to: email, ...mailOf(claimed, config) });
  } catch (error) {
    await inTransaction(db, (tx) =>
      sql`update guidance.alert set claimed_at = null where owner_id = ${ownerId} and finding_id = any(${ids}::uuid[])`.execute(
        tx,
      ),
    );
    throw error;
  }
  await inTransaction(db, (tx) =>
    sql`update guidance.alert set sent_at = ${at} where owner_id = ${ownerId} and finding_id = any(${ids}::uuid[])`.execute(
      tx,
    ),
  );
}

function mailOf(
  found: readonly Claimed[],
  { shopName: shop, publicUrl }: Pick<Deps['config'], 'shopName' | 'publicUrl'>,
): { subject: string; text: string } {
  const lines = found.map(({ findingId, metric, region, direction, fromDay }) => {
    const { title } = metricOf(metric as Watched); // of a finding: nothing else is written there
    const said = text(direction === 'up' ? 'guidance.mail.up' : 'guidance.mail.down', {
      metric: title,
      region: region === '' ? text('guidance.mail.all') : region,
      day: fromDay,
    });
    return `${said}\n${publicUrl}/desk/guidance/${findingId}`;
  });
  return {
    subject: text('guidance.mail.subject', { shop, count: found.length }),
    text: `${lines.join('\n\n')}\n`,
  };
}
