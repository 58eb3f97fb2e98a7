import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Assets } from '../assets.ts';
import { page } from '../page.ts';

/**
 * The till's service worker. Its address says what it may answer for: the till. What it keeps is written before its
 * code, so that a browser sees another worker when, and only when, the build is another.
 */
export const tillWorker: FastifyPluginAsyncTypebox<{ folder: string; till: Assets['till'] }> = async (
  app,
  { folder, till: { version, kept, worker } },
) => {
  const code = await readFile(join(folder, worker), 'utf8');
  const script = `const TILL_BUILD = ${JSON.stringify({ version, kept })};\n${code}`;
  // Open to all: a browser looks for a newer one while nobody is signed in too, and it tells nothing.
  app.get('/till/service-worker.js', page('public'), (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(script),
  );
};
