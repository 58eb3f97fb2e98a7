import { sql } from 'kysely';
import { freshness } from '../modules/insight/index.ts';
import { rowCounts } from '../read/command-facts.ts';
import { inSession } from './session.ts';

/** `stoa doctor`: what runs, in which version, and how much is in it. */
export async function doctorCommand(): Promise<void> {
  await inSession('doctor', async ({ deps }) => {
    const { rows } = await sql<{
      version: string;
    }>`select current_setting('server_version') as version`.execute(deps.reads);
    const result = await deps.clickhouse.query({
      query: 'select version() as version',
      format: 'JSONEachRow',
    });
    const [answer] = await result.json<{ version: string }>();
    const { behind, asOf } = await freshness(deps.reads);
    const facts: [string, string][] = [
      ['Node', process.versions.node],
      ['PostgreSQL', `${rows[0]?.version} (${deps.config.databaseUrl ? 'DATABASE_URL' : 'embedded'})`],
      ['ClickHouse', `${answer?.version} (${deps.config.clickhouseUrl ? 'CLICKHOUSE_URL' : 'embedded'})`],
      ['Data folder', deps.config.dataDir],
      ...Object.entries(await rowCounts(deps.reads)).map(([name, n]): [string, string] => [
        name,
        n.toLocaleString('en'),
      ]),
      ['figures', behind ? `as of ${asOf.toISOString()}; events are waiting` : 'up to date'],
    ];
    process.stdout.write(facts.map(([name, value]) => `${name.padEnd(12)} ${value}\n`).join(''));
  });
}
