import { sql } from 'kysely';
import { pieceChanged } from '#events/social.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { forgetArchives, shortenArchives } from './archive.ts';
import { routes } from './routes.ts';

export const archives: Module = {
  name: 'archives',
  routes,
  jobs: { 'archives.forget': { cron: '23 * * * *', run: forgetArchives } },
  subscribers: [
    subscribe(pieceChanged, 'archives.shorten', async (tx, { pieceId, state }) => {
      if (state !== 'deleted') return;
      const { rows } = await sql<{ ownerId: string | null }>`
        select owner_id as "ownerId" from social.piece where id = ${pieceId}`.execute(tx);
      if (rows[0]?.ownerId) await shortenArchives(tx, rows[0].ownerId, new Date());
    }),
  ],
};
