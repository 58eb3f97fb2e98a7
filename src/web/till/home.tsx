import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { TILL } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { countConflicts } from '#read/stock-conflicts.ts';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { tillParts } from './parts.ts';
import { findHere, toRegister } from './register-here.ts';
import { TillShell } from './shell.tsx';

/** Where a till opens: its parts, large. A browser that is no register yet is asked which it is. */
export const tillHomePage: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  app.get('/till', page(TILL), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const conflicts = await countConflicts(db, here.store.id);
    return reply.page((about) => (
      <TillShell page={about} here={here} title={t('till.home')}>
        <h1>{t('till.register.at', { register: here.register.name, store: here.store.name })}</h1>
        {conflicts > 0 && (
          <p class="notice warning">
            <a href="/till/conflicts">{t('till.conflicts.open', { count: conflicts })}</a>
          </p>
        )}
        <ul class="till-tiles">
          {tillParts().map(({ href, name }) => (
            <li key={href}>
              <a href={href}>{name}</a>
            </li>
          ))}
        </ul>
      </TillShell>
    ));
  });
};
