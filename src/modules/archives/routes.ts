import { inTransaction } from '#platform/db.ts';
import multipart from '@fastify/multipart';
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type Archive, archivesOf } from './archive.ts';
import { archiveErrors } from './errors.ts';
import { type Intake, intakeFor, intakesOf, leftOutOf, SIGHTS, stopIntake } from './intake.ts';
import { archiveFile, INTAKE_BYTES_MAX, receiveArchive, wishArchive } from './transfer.ts';

const Moment = Type.String({ format: 'date-time' });
const OrNull = (schema: ReturnType<typeof Type.String>) => Type.Union([schema, Type.Null()]);
const ById = exactly({ id: Id });
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

const ArchiveAnswer = Type.Object({
  id: Id,
  askedAt: Moment,
  madeAt: OrNull(Moment),
  expiresAt: OrNull(Moment),
  byteSize: Type.Union([Type.Integer(), Type.Null()]),
});
const IntakeAnswer = Type.Object({
  id: Id,
  state: Type.Enum(['waiting', 'done', 'refused']),
  refusal: OrNull(Type.String()),
  askedAt: Moment,
  endedAt: OrNull(Moment),
  goesOnAt: Type.Union([Moment, Type.Null()], {
    description: 'when it goes on by itself, having said as much as is said within an hour',
  }),
  total: Type.Integer({ description: 'activities of the archive' }),
  steps: Type.Integer({ description: 'how many of them are done, the profile first' }),
  taken: Type.Integer(),
  known: Type.Integer({ description: 'were here already' }),
});
const LeftOutAnswer = Type.Object({
  step: Type.Integer(),
  kind: Type.String(),
  what: Type.String(),
  reason: Type.String(),
  words: Type.String({ description: 'what was said, where it could not be said again' }),
});

const archiveOf = ({ id, askedAt, madeAt, expiresAt, byteSize }: Archive) => ({
  id,
  askedAt: askedAt.toISOString(),
  madeAt: madeAt?.toISOString() ?? null,
  expiresAt: (madeAt && expiresAt?.toISOString()) ?? null,
  byteSize,
});

const intakeOf = ({
  id,
  state,
  refusal,
  askedAt,
  endedAt,
  goesOnAt,
  total,
  steps,
  taken,
  known,
}: Intake) => ({
  id,
  state,
  refusal,
  askedAt: askedAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
  goesOnAt: goesOnAt?.toISOString() ?? null,
  total,
  steps,
  taken,
  known,
});

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  // The prefix is in the app's paths already.
  await app.register(outRoutes, { ...deps, prefix: '' });
  await app.register(inRoutes, { ...deps, prefix: '' });
  await app.register(stopRoutes, { ...deps, prefix: '' });
};

const outRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.put(
    '/archives/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'askArchive',
        summary: 'Has an archive made of all that the caller made and what is known of them',
        params: ById,
        response: {
          200: ArchiveAnswer,
          ...problems(...asked, identityErrors.too_many_attempts, archiveErrors.archive_differs),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }) => archiveOf(await wishArchive(deps, memberId, id)),
  );

  app.get(
    '/archives',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listArchives',
        summary: 'The caller’s ten latest',
        response: { 200: Type.Object({ archives: Type.Array(ArchiveAnswer) }), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' } }) => ({
      archives: (await archivesOf(deps.db, memberId)).map(archiveOf),
    }),
  );

  app.get(
    '/archives/:id/file',
    {
      config: { access: 'member' },
      exposeHeadRoute: false, // it would open the file
      schema: {
        operationId: 'getArchiveFile',
        summary: 'The archive as a zip file',
        params: ById,
        response: {
          200: {
            description: 'A file',
            content: { 'application/zip': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
          },
          ...problems(...asked, archiveErrors.archive_not_found, archiveErrors.archive_has_no_file),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      const { stream, byteSize } = await archiveFile(deps, memberId, id);
      return reply
        .type('application/zip')
        .header('content-length', byteSize)
        .header('content-disposition', 'attachment; filename="archive.zip"')
        .header('cache-control', 'private, no-store')
        .send(stream);
    },
  );
};

const inRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const limits = { fileSize: INTAKE_BYTES_MAX, files: 1, fields: 0, parts: 1, headerPairs: 20 };
  await app.register(multipart, { limits, throwFileSizeLimit: false });

  app.put(
    '/imports/:id',
    {
      config: { access: 'member' },
      bodyLimit: INTAKE_BYTES_MAX,
      schema: {
        operationId: 'importArchive',
        summary: 'Brings an archive of this or another Stoa; a job takes in what is in it',
        consumes: ['multipart/form-data'],
        params: ById,
        querystring: exactly({ sight: Type.Enum([...SIGHTS], { default: 'secret' }) }),
        response: {
          200: IntakeAnswer,
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            archiveErrors.file_missing,
            archiveErrors.file_too_large,
            archiveErrors.intake_running,
          ),
        },
      },
    },
    async (request) => {
      const { memberId = '' } = request.viewer;
      const { id } = request.params;
      const part = request.isMultipart() ? await request.file() : undefined;
      if (!part) throw archiveErrors.file_missing({});
      await receiveArchive(deps, memberId, { id, sight: request.query.sight, file: part.file });
      return intakeOf(await intakeFor(deps.db, memberId, id));
    },
  );

  app.get(
    '/imports',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listImports',
        summary: 'The caller’s ten latest',
        response: { 200: Type.Object({ imports: Type.Array(IntakeAnswer) }), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' } }) => ({
      imports: (await intakesOf(deps.db, memberId)).map(intakeOf),
    }),
  );

  app.get(
    '/imports/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'getImport',
        summary: 'How far an import is, and what could not be taken',
        params: ById,
        querystring: exactly({ after: Type.Integer({ minimum: -1, maximum: 1_000_000, default: -1 }) }),
        response: {
          200: Type.Object({ import: IntakeAnswer, leftOut: Type.Array(LeftOutAnswer) }),
          ...problems(...asked, archiveErrors.intake_not_found),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, query: { after } }) => ({
      import: intakeOf(await intakeFor(deps.db, memberId, id)),
      leftOut: await leftOutOf(deps.db, id, after),
    }),
  );
};

const stopRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.post(
    '/imports/:id/stop',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'stopImport',
        summary: 'Takes no more of it in: what was taken stays. One that is over stays as it is',
        params: ById,
        response: { 200: IntakeAnswer, ...problems(...asked, archiveErrors.intake_not_found) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }) => {
      await inTransaction(deps.db, (tx) => stopIntake(tx, memberId, id, deps.now()));
      return intakeOf(await intakeFor(deps.db, memberId, id));
    },
  );
};
