import { randomUUID } from 'node:crypto';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type LookWish, publishLook, saveLook } from './look.ts';
import { laidOut } from './template.ts';

/** A look of these products, laid out by the template, shown to everybody unless said. */
export async function aLook(
  deps: Pick<Deps, 'db' | 'now'>,
  memberId: string,
  productIds: readonly string[],
  more: Partial<LookWish> & { visibility?: 'public' | 'unlisted' | 'secret' | 'draft'; id?: string } = {},
): Promise<string> {
  const { visibility = 'public', id = randomUUID(), ...wish } = more;
  const whole: LookWish = {
    title: 'Sunday table',
    words: '',
    ground: '#efe8db',
    sceneId: null,
    items: laidOut(productIds),
    wordings: [],
    ...wish,
  };
  await inTransaction(deps.db, async (tx) => {
    await saveLook(tx, memberId, id, whole, deps.now());
    if (visibility !== 'draft') await publishLook(tx, memberId, id, visibility, deps.now());
  });
  return id;
}
