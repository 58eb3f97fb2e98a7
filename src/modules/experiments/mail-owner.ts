import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Tx } from '#platform/db.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { textsOf } from '#platform/texts.ts';
import { marketplaceOrganization, teamOf } from '../identity/index.ts';

export const MAIL_OWNER = 'experiments.mail_owner';

const text = textsOf({
  'experiments.mail.guardrail.subject': '{shop}: the experiment “{title}” was stopped',
  'experiments.mail.guardrail':
    'Something that it guards has got worse than is borne. Everybody sees again what it was before. What was counted is kept, and waits for your decision:',
  'experiments.mail.ratio.subject': '{shop}: the experiment “{title}” cannot be trusted',
  'experiments.mail.ratio':
    'Its variants are not shown as often as they were to be. Something sends visitors away from one of them, or counts them twice; until it is found, its figures say nothing:',
});

const Payload = Type.Object({
  experimentId: Type.String(),
  about: Type.Union([Type.Literal('guardrail'), Type.Literal('ratio')]),
});

interface Found {
  claimedAt: Date | null;
  sentAt: Date | null;
  title: string;
  email: string | undefined;
}

/** Job. Tells the owner of an experiment what happened to it, once. Who has left the team is told nothing. */
export async function mailOwner(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { experimentId, about } = Value.Parse(Payload, payload);
  const { mailer, config } = deps;
  await mailOnce<Found>(deps, {
    job: { task: MAIL_OWNER, payload: { experimentId, about }, key: `${experimentId}:${about}` },
    find: (tx) => findAlert(tx, experimentId, about),
    claim: (tx, at) =>
      sql`update experiments.alert set claimed_at = ${at} where experiment_id = ${experimentId} and about = ${about}`.execute(
        tx,
      ),
    noteSent: (tx, at) =>
      sql`update experiments.alert set sent_at = ${at} where experiment_id = ${experimentId} and about = ${about}`.execute(
        tx,
      ),
    send: async ({ title, email }) => {
      if (email === undefined) return;
      const shop = config.shopName;
      const link = `${config.publicUrl}/desk/experiments/${experimentId}`;
      const subject = text(`experiments.mail.${about}.subject`, { shop, title });
      await mailer({ to: email, subject, text: `${text(`experiments.mail.${about}`)}\n${link}\n` });
    },
  });
}

async function findAlert(tx: Tx, experimentId: string, about: string): Promise<Found | undefined> {
  const { rows } = await sql<Omit<Found, 'email'> & { ownerId: string }>`
    select claimed_at as "claimedAt", sent_at as "sentAt", title, owner_id as "ownerId"
    from experiments.alert join experiments.experiment on experiment.id = experiment_id
    where experiment_id = ${experimentId} and about = ${about} for update of alert`.execute(tx);
  const [found] = rows;
  if (!found) return undefined;
  const { id } = await marketplaceOrganization(tx);
  const owner = (await teamOf(tx, id)).find(({ memberId }) => memberId === found.ownerId);
  return { ...found, email: owner?.email };
}
