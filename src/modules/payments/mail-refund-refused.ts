import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { textsOf } from '#platform/texts.ts';
import { marketplaceOrganization, teamOf } from '../identity/index.ts';

export const MAIL_REFUND_REFUSED = 'payments.mail_refund_refused';

const text = textsOf({
  'payments.refused.subject': '{shop}: a refund was refused',
  'payments.refused.text':
    'The provider refused to give money back: {reason}. Nothing more happens by itself. See to it here: {link}',
});

const Payload = Type.Object({ reason: Type.String() });

/** Job. Tells those who serve buyers, or the admins where there are none, in one message. */
export async function mailRefundRefused(
  { db, mailer, config }: Pick<Deps, 'db' | 'mailer' | 'config'>,
  payload: unknown,
): Promise<void> {
  const { reason } = Value.Parse(Payload, payload);
  const { id } = await inTransaction(db, marketplaceOrganization);
  const team = await teamOf(db, id);
  const serving = team.filter(({ roles }) => roles.includes('service'));
  const told = serving.length > 0 ? serving : team.filter(({ roles }) => roles.includes('admin'));
  if (told.length === 0) return;
  await mailer({
    to: told.map(({ email }) => email).join(', '),
    subject: text('payments.refused.subject', { shop: config.shopName }),
    text: `${text('payments.refused.text', { reason, link: `${config.publicUrl}/desk/refunds` })}\n`,
  });
}
