import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Mailed } from '#platform/mailed-links.ts';
import { isCustomerStanding } from '../identity/index.ts';
import { addEvidence } from './evidence.ts';
import { customerNode, memberNode } from './nodes.ts';

/**
 * Whoever opened a link of a mail may be whom the mail went to. It proves little, since mails are handed on. The same
 * browser and the same person are one piece of evidence, however often they click.
 */
export async function noteClick(
  tx: Tx,
  { sourceId, anonymousId }: { sourceId: string; anonymousId: string },
  { kind, id }: Mailed,
  at: Date,
): Promise<void> {
  if (kind === 'customer' && !(await isCustomerStanding(tx, id))) return;
  await addEvidence(tx, [
    {
      id: idOf('persons:link_click', [sourceId, anonymousId, kind, id].join('\0')),
      kind: 'link_click',
      from: { kind: 'anonymous', scope: sourceId, value: anonymousId },
      to: kind === 'customer' ? customerNode(id) : memberNode(id),
      isStrong: false,
      saidBy: 'mail',
      seenAt: at,
    },
  ]);
}
