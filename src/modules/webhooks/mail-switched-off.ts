import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { textsOf } from '#platform/texts.ts';
import { marketplaceOrganization, teamOf } from '../identity/index.ts';
import { own } from './own.ts';

const text = textsOf({
  'webhooks.off.subject': '{shop}: a webhook was switched off',
  'webhooks.off.gone': '{url} said that it is gone (410). Nothing more is sent there.',
  'webhooks.off.failing': '{url} has taken nothing for five days. Nothing more is sent there.',
  'webhooks.off.next': 'When it works again, switch it on and send what it missed: {link}',
});

const Payload = Type.Object({ endpointId: Type.String() });

/** Job. Tells the admins that an endpoint was switched off, and what to do. */
export async function mailSwitchedOff(
  { db, mailer, config }: Pick<Deps, 'db' | 'mailer' | 'config'>,
  payload: unknown,
): Promise<void> {
  const { endpointId } = Value.Parse(Payload, payload);
  const endpoint = await own(db)
    .selectFrom('webhooks.endpoint')
    .select(['url', 'off_reason as offReason'])
    .where('id', '=', endpointId)
    .executeTakeFirstOrThrow();
  if (endpoint.offReason === null) return; // somebody was faster
  const why = text(endpoint.offReason === 'gone' ? 'webhooks.off.gone' : 'webhooks.off.failing', endpoint);
  const next = text('webhooks.off.next', { link: `${config.publicUrl}/desk/webhooks` });
  const { id } = await inTransaction(db, marketplaceOrganization);
  const admins = (await teamOf(db, id)).filter(({ roles }) => roles.includes('admin'));
  for (const { email: to } of admins) {
    const subject = text('webhooks.off.subject', { shop: config.shopName });
    await mailer({ to, subject, text: `${why}\n\n${next}\n` });
  }
}
