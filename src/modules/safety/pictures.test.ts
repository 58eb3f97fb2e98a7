import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPost } from '#modules/posts/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { test } from '#test/harness.ts';
import { aReport, anAct } from './factory.ts';
import { findPictures } from './pictures.ts';
import { queue } from './queue.ts';

test('a picture that was removed comes into the queue when it is shown again, whoever shows it, once', async ({
  deps,
  db,
}) => {
  const [ada, ben, clerk] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const looksLike = async (photoId: string, looks: bigint) =>
    sql`update catalog.media set looks = ${looks.toString()}::bigint
      where id = (select media_id from social.photo where id = ${photoId})`.execute(db);
  const first = await aPost(deps, ada.memberId);
  await looksLike(first.photoId, 0x0f0f_3c3c_5555_aaaan);
  const { concernId } = await aReport(deps, ben.memberId, { pieceId: first.id });
  await anAct(deps, clerk.memberId, { concernId, kind: 'remove', reason: 'rights_of_others' });

  const [again, other] = [await aPost(deps, ben.memberId), await aPost(deps, ben.memberId)];
  await looksLike(again.photoId, 0x0f0f_3c3c_5555_aaaan ^ 0b10100n); // coded anew: two bits are others
  await looksLike(other.photoId, 0x1234_5678_9abc_def0n);
  await findPictures(deps);
  await findPictures(deps);
  const { concerns } = await queue(db, { limit: 50, cause: 'check' });
  expect(concerns.map(({ pieceId, urgency, state }) => [pieceId, urgency, state])).toEqual([
    [again.id, 3, 'live'],
  ]);

  // What was put back is no picture to look out for.
  await anAct(deps, clerk.memberId, { concernId, kind: 'restore' });
  const third = await aPost(deps, clerk.memberId);
  await looksLike(third.photoId, 0x0f0f_3c3c_5555_aaaan);
  await findPictures(deps);
  expect((await queue(db, { limit: 50, cause: 'check' })).concerns).toHaveLength(1);
});
