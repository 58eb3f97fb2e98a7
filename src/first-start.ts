import { sql } from 'kysely';
import type { Deps } from '#platform/module.ts';
import { DEMO_SIGN_INS, loadDemo } from './demo/index.ts';

/**
 * Loads the demo marketplace into an empty database, once, and answers who can sign in to it: nobody, where the
 * database has no demo. A database that somebody has used is left as it is, for good.
 */
export async function firstStart(deps: Deps, say: (line: string) => void): Promise<typeof DEMO_SIGN_INS> {
  const { demo } = deps.config;
  const known = (await outcome(deps)) ?? (await decide(deps));
  if (known.name === 'no_demo') return [];
  if (known.done_at || demo === 'off') return DEMO_SIGN_INS;
  say('Making the demo marketplace: this is done once.');
  // A load that was cut short goes on where it was, with the year of orders that it began.
  const until = new Intl.DateTimeFormat('sv-SE', { timeZone: deps.config.timeZone }).format(known.begun_at);
  await loadDemo(deps, demo, { until });
  await sql`update platform.once set done_at = now() where name = 'demo'`.execute(deps.db);
  return DEMO_SIGN_INS;
}

interface Outcome {
  name: 'demo' | 'no_demo';
  begun_at: Date;
  done_at: Date | null;
}

async function outcome({ db }: Deps): Promise<Outcome | undefined> {
  const { rows } = await sql<Outcome>`
    select name, begun_at, done_at from platform.once where name in ('demo', 'no_demo')`.execute(db);
  return rows[0];
}

/** Whatever people or imports do leaves events, so a database without any is empty. */
async function decide({ db, config }: Deps): Promise<Outcome> {
  const { rows } = await sql<Outcome>`
    insert into platform.once (name)
    select case when ${config.demo !== 'off'} and not exists (select from platform.event) then 'demo' else 'no_demo' end
    returning name, begun_at, done_at`.execute(db);
  const [decided] = rows;
  if (!decided) throw new Error('the decision about the demo was not recorded');
  return decided;
}
