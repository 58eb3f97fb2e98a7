import { sql } from 'kysely';
import { actorOf, record } from '#modules/identity/index.ts';
import type { Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { safetyErrors } from './errors.ts';

export const HOST_MAX = 253;
export const WHY_MAX = 300;
const SHOWN_MAX = 1000;
const HOST = /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/;

export interface BlockedHost {
  host: string;
  why: string;
  since: Date;
}

export async function blockedHosts(db: Db): Promise<BlockedHost[]> {
  const { rows } = await sql<BlockedHost>`
    select host, why, since from safety.blocked_host order by host limit ${SHOWN_MAX}`.execute(db);
  return rows;
}

/** From now on what leads to the host, or below it, is held. What leads there already stays until somebody reports it. */
export async function blockHost(
  tx: Tx,
  viewer: Viewer,
  { host: typed, why }: { host: string; why: string },
  now: Date,
): Promise<void> {
  const host = hostFrom(typed);
  const { rows } = await sql`
    insert into safety.blocked_host (host, why, blocked_by, since)
    values (${host}, ${why.trim()}, ${viewer.memberId ?? ''}, ${now})
    on conflict (host) do update set why = excluded.why where blocked_host.why <> excluded.why returning host`.execute(
    tx,
  );
  if (rows.length > 0) await record(tx, actorOf(viewer), 'moderated', undefined, { act: 'block_host', host });
}

export async function unblockHost(tx: Tx, viewer: Viewer, host: string): Promise<void> {
  const { rows } = await sql`delete from safety.blocked_host where host = ${host} returning host`.execute(tx);
  if (rows.length > 0) await record(tx, actorOf(viewer), 'moderated', undefined, { act: 'free_host', host });
}

/** An address or a name, as the browser asks for it: other scripts are written as it writes them. */
function hostFrom(typed: string): string {
  const text = typed.trim();
  const host =
    URL.parse(/^https?:/i.test(text) ? text : `https://${text}`)?.hostname.replace(/\.$/, '') ?? '';
  if (!HOST.test(host)) throw safetyErrors.host_invalid({});
  return host;
}
