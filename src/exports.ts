import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { type Access, mayEnter, mayReadPersonal, type Viewer } from '#platform/access.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { columnFacts, exportable, ledgersFor } from '#read/exports/catalogue.ts';
import { exportErrors } from '#read/exports/errors.ts';
import { fileOf, type FilePart } from '#read/exports/files.ts';
import { FORMATS, MEDIA_TYPES } from '#read/exports/formats.ts';
import { ledgerNamed } from '#read/exports/ledgers.ts';

const ACCESS = ['staff', 'scope:exports:read'] as const satisfies Access;
/** In each process: an export holds a connection for as long as its reader takes. */
const AT_ONCE_MAX = 4;
const RETRY_SECONDS = 10;

const Moment = Type.Optional(Type.String({ format: 'date-time', maxLength: 40 }));
const Filters = exactly({
  from: Moment,
  to: Moment,
  at: Moment,
  after: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
});
const File = Type.Unsafe<Readable>({ type: 'string' });
const Params = exactly({ ledger: Type.String({ pattern: '^[a-z_]{1,60}$' }) });

const Listed = Type.Object({
  name: Type.String(),
  about: Type.String(),
  isFollowed: Type.Boolean({
    description: 'true: what came since the last export is what `after` its last cursor gives',
  }),
  isTimed: Type.Boolean({ description: 'whether `from` and `to` narrow it' }),
  isOfMoment: Type.Boolean({ description: 'whether `at` names the moment it is of' }),
  rows: Type.Integer(),
  isEstimate: Type.Boolean(),
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.String(),
      unit: Type.Union([Type.String(), Type.Null()]),
      isPersonal: Type.Boolean(),
    }),
  ),
});

const ABOUT = `Every row ends with a \`cursor\`. Money stands in minor units and, beside them, as a decimal of the row's currency. Columns that say who somebody is are left out for who may not read them. \`from\` is included, \`to\` is not.`;

/** Here, since it exports what every module keeps. */
export const exportRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/v1/exports',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listExports',
        tags: ['exports'],
        description: 'The ledgers that the caller may export, with their columns and units.',
        response: {
          200: Type.Object({ ledgers: Type.Array(Listed) }),
          ...problems(platformErrors.sign_in_required, platformErrors.not_allowed),
        },
      },
    },
    async ({ viewer }) => {
      const [listed, columns] = await Promise.all([
        exportable(deps, viewer),
        columnFacts(deps, viewer, ledgersFor(viewer)),
      ]);
      return { ledgers: listed.map((ledger, at) => ({ ...ledger, columns: columns[at] ?? [] })) };
    },
  );

  fileRoutes(app, deps);
};

function fileRoutes(app: Parameters<typeof exportRoutes>[0], deps: Deps): void {
  let running = 0;
  for (const format of FORMATS) {
    app.get(
      `/v1/exports/:ledger.${format}`,
      {
        config: { access: ACCESS },
        exposeHeadRoute: false, // it would read all of it
        schema: {
          operationId: format === 'csv' ? 'exportCsv' : 'exportJson',
          tags: ['exports'],
          description:
            format === 'csv'
              ? `A ledger as CSV (RFC 4180). What a sheet would take for a formula begins with an apostrophe. ${ABOUT}`
              : `A ledger as JSON, one object a line. ${ABOUT}`,
          params: Params,
          querystring: Filters,
          response: {
            200: { description: 'A file', content: { [MEDIA_TYPES[format]]: { schema: File } } },
            ...problems(
              exportErrors.ledger_unknown,
              exportErrors.filter_unfit,
              exportErrors.cursor_unknown,
              exportErrors.still_being_written,
              exportErrors.too_many_at_once,
              platformErrors.sign_in_required,
              platformErrors.not_allowed,
            ),
          },
        },
      },
      async ({ viewer, params, query }, reply) => {
        const ledger = ledgerNamed(params.ledger);
        if (!mayEnter(viewer, ledger.access)) throw platformErrors.not_allowed({});
        if (running >= AT_ONCE_MAX) throw exportErrors.too_many_at_once({ retryAfterSeconds: RETRY_SECONDS });
        running += 1;
        const gone = new AbortController();
        const parts = fileOf(
          deps,
          ledger,
          format,
          { ...questionOf(query), ...personalFor(viewer) },
          gone.signal,
        );
        // What is refused is refused before the answer begins.
        const first = await parts.next().catch((error: unknown) => {
          running -= 1;
          throw error;
        });
        const file = Readable.from(texts(first, parts));
        file.once('close', () => {
          running -= 1;
          gone.abort();
          void parts.return(undefined).catch(() => {}); // it was in the middle of what has just been cancelled
        });
        reply.raw.once('close', () => file.destroy());
        const name = `${ledger.name}.${format === 'csv' ? 'csv' : 'ndjson'}`;
        reply.type(MEDIA_TYPES[format]).header('content-disposition', `attachment; filename="${name}"`);
        return reply.send(file);
      },
    );
  }
}

const personalFor = (viewer: Viewer) => ({ isPersonal: mayReadPersonal(viewer) });

function questionOf({ from, to, at, after }: Static<typeof Filters>) {
  const momentOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  return { from: momentOf(from), to: momentOf(to), at: momentOf(at), after };
}

/** The parts' texts, of which the first is known. */
async function* texts(
  first: IteratorResult<FilePart>,
  parts: AsyncGenerator<FilePart>,
): AsyncGenerator<string> {
  if (first.done) return;
  if (first.value.text) yield first.value.text;
  for await (const { text } of parts) if (text) yield text;
}
