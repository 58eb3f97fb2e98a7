import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '#platform/ids.ts';
import { ask } from './ask.ts';
import { openCaller } from './buyers.ts';
import { median } from './load.ts';
import { forgetWork } from './purchase-shop.ts';
import type { Result } from './result.ts';
import { countOf, type SocialSize, sqlId, stagedId } from './social-ids.ts';
import type { SocialStage } from './social-stage.ts';

const SECONDS = 5;
/** Until the engine of JavaScript has compiled what each act runs, as in a server that has been asked for a while. */
const WARM_SECONDS = 15;
const TIMES = 3;
const CONNECTIONS = 10;
/** What a write comes to at least, of the same rows written by one call. */
const OF_FUNCTION = 0.5;

interface Act {
  name: string;
  /** The nth time: a path of the API and what is put there. */
  ours: (nth: number, size: SocialSize) => { path: string; member: number; body: object };
  /** Of pgbench, with `:n` as a number by chance. */
  theirs: (size: SocialSize) => string;
}

const PRIME = 7919;
/** Somebody's board, as the stage deals them out: whose the nth is. */
const ownerOf = (nth: number, { members }: SocialSize) => (nth * PRIME + 13) % members;
const sqlOwner = (nth: string, { members }: SocialSize) =>
  `('aaaaaaaa-0000-7000-8000-' || lpad(to_hex((${nth}::bigint * ${PRIME} + 13) % ${members}), 12, '0'))::uuid`;

const ACTS: readonly Act[] = [
  {
    name: 'a save',
    ours: (nth, size) => {
      const board = nth % size.members;
      const thing = {
        kind: 'product',
        productId: idOf('bench:product', String((nth * 31) % size.products)),
      };
      return {
        path: `/v1/boards/pins/${randomUUID()}`,
        member: ownerOf(board, size),
        body: { boardId: stagedId(size, 'board', board), thing },
      };
    },
    theirs: (size) =>
      `select bench.save(${sqlOwner(':n', size)}, ${sqlId(size, 'board', ':n')}, (select id from bench.product where n = :n % ${size.products}));`,
  },
  {
    name: 'a comment',
    ours: (nth, size) => ({
      path: `/v1/social/comments/${randomUUID()}`,
      member: (nth * 17 + 3) % size.members,
      body: {
        subjectId: stagedId(size, 'board', notSecret(nth % size.members)),
        body: 'How well that goes together',
      },
    }),
    theirs: (size) =>
      `select bench.comment(${sqlOwner(':n + 1', size)}, ${sqlId(size, 'board', '(:n - :n % 10)')});`,
  },
  {
    name: 'a vote',
    ours: (nth, size) => {
      const review = (nth * 37) % countOf(size, 'review');
      return {
        path: `/v1/reviews/votes/${stagedId(size, 'review', review)}`,
        member: (ownerOf(review, size) + 1) % size.members, // nobody votes on their own words
        body: { isHelpful: true },
      };
    },
    theirs: (size) => `select bench.vote(${sqlOwner(':n + 2', size)}, ${sqlId(size, 'review', `(:n * 5)`)});`,
  },
];

/** One in ten is secret: the one before the first of its ten. */
const notSecret = (nth: number) => (nth % 10 === 9 ? nth - 1 : nth);

/** Each act by HTTP, from ten people at once, beside the same rows written by one call from ten connections. */
export async function conversationWrites(stage: SocialStage): Promise<Result[]> {
  const { databaseUrl, size } = stage;
  await ask(databaseUrl, readFileSync(join(import.meta.dirname, 'conversation.sql'), 'utf8'));
  await ask(
    databaseUrl,
    'create table bench.product as select id, n::integer - 1 as n from unnest($1::uuid[]) with ordinality as of (id, n)',
    [Array.from({ length: size.products }, (_, nth) => idOf('bench:product', String(nth)))],
  );
  await ask(databaseUrl, 'alter table bench.product add primary key (n)');
  const results: Result[] = [];
  for (const act of ACTS) {
    let nth = Math.floor(Math.random() * size.members);
    const next = () => nth++;
    await ourRate(stage, act, next, WARM_SECONDS);
    const [limits, figures]: [number[], number[]] = [[], []];
    for (let i = 0; i < TIMES; i++) {
      await forgetWork(stage);
      limits.push(theirRate(databaseUrl, act.theirs(size), size));
      figures.push(await ourRate(stage, act, next, SECONDS));
    }
    const [limit, figure] = [median(limits), median(figures)];
    results.push({
      name: `${act.name} by HTTP, ${CONNECTIONS} at once`,
      figure: `${figure.toFixed(0)}/s, ${(figure / limit).toFixed(2)} of it`,
      limit: `≥ ${OF_FUNCTION} × ${limit.toFixed(0)}/s of one SQL call`,
      ratio: figure / limit / OF_FUNCTION,
    });
  }
  await ask(databaseUrl, 'drop schema bench cascade');
  return results;
}

function theirRate(databaseUrl: string, call: string, { members }: SocialSize): number {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-pgbench-'));
  const script = join(dir, 'act.pgbench');
  writeFileSync(script, `\\set n random(0, ${members - 1})\n${call}\n`);
  try {
    const options = [
      '-n',
      '-M',
      'prepared',
      '-c',
      `${CONNECTIONS}`,
      '-j',
      '2',
      '-T',
      `${SECONDS}`,
      '-f',
      script,
    ];
    const said = execFileSync('pgbench', [...options, databaseUrl], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return Number(/tps = ([\d.]+)/.exec(said)?.[1]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function ourRate(
  { url, cookieOf, size }: SocialStage,
  { ours }: Act,
  next: () => number,
  seconds: number,
): Promise<number> {
  const began = performance.now();
  const until = began + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const caller = await openCaller(url);
      while (performance.now() < until) {
        const { path, member, body } = ours(next(), size);
        await caller.call('PUT', path, body, cookieOf(member));
        done += 1;
      }
      caller.end();
    }),
  );
  return done / ((performance.now() - began) / 1000);
}
