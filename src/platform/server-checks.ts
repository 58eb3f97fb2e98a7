import { ClickHouseError, createClient } from '@clickhouse/client';
import pg from 'pg';
import { splitAddress } from './clickhouse.ts';
import { StartFault, hasCode } from './start-fault.ts';

// The app's modules are loaded meanwhile, which on a busy machine takes seconds.
const ANSWER_LIMIT_MS = 15_000;
const POSTGRES_MIN = 16;
const CLICKHOUSE_MIN = 25;

const UNREACHED: Record<string, string> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'there is no such host',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'what listens there hung up',
  EHOSTUNREACH: 'the host is not reached',
  ENETUNREACH: 'the network is not reached',
  ETIMEDOUT: 'it does not answer',
};

/** Makes sure, before anything is written, that DATABASE_URL leads to a server that Stoa can use. */
export async function checkPostgres(url: string): Promise<void> {
  const place = placeOf('DATABASE_URL', url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_LIMIT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; may_create: boolean }>(
      `select current_setting('server_version_num') as version,
        has_database_privilege(current_database(), 'create') as may_create`,
    );
    const major = Math.floor(Number(rows[0]?.version) / 10_000);
    if (major < POSTGRES_MIN) {
      throw new StartFault(
        `DATABASE_URL: PostgreSQL ${POSTGRES_MIN} or later is needed, ${place} has ${major}.`,
      );
    }
    if (!rows[0]?.may_create) {
      throw new StartFault(
        `DATABASE_URL: its user may not create schemas in ${place}: grant create on the database.`,
      );
    }
  } catch (error) {
    throw error instanceof StartFault
      ? error
      : new StartFault(`DATABASE_URL: ${postgresRefusal(error, place)}`);
  } finally {
    await client.end().catch(() => {}); // one that never connected has nothing to end
  }
}

function postgresRefusal(error: unknown, place: string): string {
  if (hasCode(error, '28P01', '28000')) return `${place} refuses the user or the password.`;
  if (hasCode(error, '3D000')) return `there is no database ${place}: create it.`;
  return unreached(error, place, 'PostgreSQL');
}

function unreached(error: unknown, place: string, server: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = UNREACHED[code];
  if (known) return `${server} is not reached at ${place}: ${known}.`;
  const said = error instanceof Error ? error.message : String(error);
  return `${server} is not reached at ${place}: ${said === 'timeout expired' ? UNREACHED['ETIMEDOUT'] : said}.`;
}

/** Makes sure, before anything is written, that CLICKHOUSE_URL leads to a server that Stoa can use. */
export async function checkClickhouse(url: string): Promise<void> {
  await Promise.all(url.split(',').map((node) => checkNode(node.trim())));
}

async function checkNode(url: string): Promise<void> {
  const place = placeOf('CLICKHOUSE_URL', url);
  const [server] = splitAddress({ url }).servers;
  await using client = createClient({ ...server, request_timeout: ANSWER_LIMIT_MS });
  let version: string;
  try {
    const result = await client.query({ query: 'select version() as version', format: 'JSONEachRow' });
    const [row] = await result.json<{ version: string }>();
    version = row?.version ?? '';
  } catch (error) {
    throw new StartFault(`CLICKHOUSE_URL: ${clickhouseRefusal(error, place)}`);
  }
  if (Number.parseInt(version, 10) < CLICKHOUSE_MIN) {
    throw new StartFault(
      `CLICKHOUSE_URL: ClickHouse ${CLICKHOUSE_MIN} or later is needed, ${place} has ${version}.`,
    );
  }
}

function clickhouseRefusal(error: unknown, place: string): string {
  if (error instanceof ClickHouseError) {
    const isRefusal = ['516', '192', '193', '194'].includes(error.code);
    return isRefusal
      ? `${place} refuses the user or the password.`
      : `${place} answers: ${error.type ?? error.code}.`;
  }
  if (hasCode(error, ...Object.keys(UNREACHED))) return unreached(error, place, 'ClickHouse');
  return `what answers at ${place} is not ClickHouse's HTTP interface (its port is 8123, or 8443 with https).`;
}

/** The address without its password, for messages. */
function placeOf(variable: string, url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    throw new StartFault(`${variable} is not an address: a character of the password may need %-encoding.`);
  }
}

/** A database that has had migrations which this code does not know belongs to a newer Stoa. */
export async function refuseNewerDatabase(url: string, known: readonly string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const table = await client.query<{ table: string | null }>(
      `select to_regclass('kysely_migration') as table`,
    );
    if (table.rows[0]?.table === null) return;
    const { rows } = await client.query<{ name: string }>(
      'select name from kysely_migration where not name = any($1) order by name',
      [known],
    );
    if (rows.length === 0) return;
    const names = rows.map(({ name }) => name).join(', ');
    throw new StartFault(
      `The database was migrated by a newer Stoa (${names}): start that version, or use another database.`,
    );
  } finally {
    await client.end();
  }
}
