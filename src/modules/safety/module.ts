import { pictureCame, pieceChanged, profileChanged } from '#events/social.ts';
import { addJob, subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { forgetDeleted } from './concerns.ts';
import { JUDGE_PICTURES, judgePictures, queuePictures } from './judge-pictures.ts';
import { JUDGE_PIECE, JUDGE_WITHIN, judgePiece, judgeWithin } from './judge.ts';
import { findPictures } from './pictures.ts';
import { routes } from './routes.ts';
import { findSignals } from './signals.ts';
import { EARN_TRUST, earnTrust } from './trust.ts';

export const safety: Module = {
  name: 'safety',
  routes,
  jobs: {
    [JUDGE_PIECE]: { run: judgePiece },
    [JUDGE_WITHIN]: { run: judgeWithin },
    [JUDGE_PICTURES]: { cron: '* * * * *', run: judgePictures },
    [EARN_TRUST]: { cron: '30 3 * * *', isSlow: true, run: earnTrust },
    'safety.find_pictures': { cron: '*/5 * * * *', run: findPictures },
    'safety.find_signals': { cron: '12 * * * *', isSlow: true, run: findSignals },
  },
  subscribers: [
    subscribe(pieceChanged, 'safety.look_at_change', async (tx, { pieceId, rootId, state, isOpened }) => {
      if (state === 'deleted') await forgetDeleted(tx, pieceId);
      if (state === 'live') await addJob(tx, JUDGE_PIECE, { pieceId }, pieceId);
      if (isOpened === true && pieceId === rootId) await addJob(tx, JUDGE_WITHIN, { rootId }, rootId);
    }),
    subscribe(pictureCame, 'safety.look_at_picture', (tx, { pieceId }) =>
      addJob(tx, JUDGE_PIECE, { pieceId }, pieceId),
    ),
    subscribe(profileChanged, 'safety.look_at_profile', (tx, { memberId }) =>
      queuePictures(tx, memberId, 'profile'),
    ),
  ],
};
