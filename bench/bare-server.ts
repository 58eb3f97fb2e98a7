import Fastify from 'fastify';
import pg from 'pg';

/**
 * The limit that the JSON routes are measured against: a bare Fastify route that runs the same SQL text once
 * and returns its text. Usage: bare-server.ts DATABASE_URL PORT STATEMENTS.json
 */
const [databaseUrl, port, statements] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, options: '-c timezone=UTC' });
// The answer as PostgreSQL sends it: nothing is parsed.
const types = { getTypeParser: () => (text: string | Buffer) => text };
const app = Fastify();
const routes = JSON.parse(statements ?? '{}') as Record<string, { sql: string; parameters: unknown[][] }>;
for (const [path, { sql, parameters }] of Object.entries(routes)) {
  let next = 0;
  app.get(path, async (_request, reply) => {
    const values = parameters[next++ % parameters.length] ?? [];
    const { rows } = await pool.query({ name: path, text: sql, values, types, rowMode: 'array' });
    return reply.type('application/json').send(rows.map((row: string[]) => row.join(',')).join('\n') || '{}');
  });
}
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.stdout.write('ready\n');
