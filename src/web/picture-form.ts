import { hash } from 'node:crypto';
import multipart, { type FastifyMultipartOptions } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UPLOAD_BYTES_MAX, UPLOAD_PROBLEMS } from '#modules/catalog/index.ts';
import { addPhoto, mayDo } from '#modules/social/index.ts';
import { AppError } from '#platform/errors.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';

/** The pictures that came with a form, kept as photos of the member's. */
interface SentPictures {
  photoIds: string[];
  /** How many files were none that we take. */
  refused: number;
  /** Why no more were kept: the rest of the form is read all the same, so that no words are lost. */
  failure: AppError | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    pictures: SentPictures;
  }
}

const FIELD_BYTES_MAX = 64 * 1024;
const ENVELOPE_BYTES_MAX = 256 * 1024;
const REFUSALS = new Set<string>(UPLOAD_PROBLEMS.map(({ code }) => code));

export const pictureFormBytesMax = (files: number) => files * UPLOAD_BYTES_MAX + ENVELOPE_BYTES_MAX;

/**
 * Lets the forms of a plugin bring pictures. Their fields become the request's body, which the route's schema looks at as
 * at any form's; the pictures become photos, with ids made of the form's own: the same form again brings the same photos.
 * The field `id` stands before the files.
 */
export async function takePictures(app: FastifyInstance, deps: Deps, files: number): Promise<void> {
  const limits: FastifyMultipartOptions['limits'] = {
    fileSize: UPLOAD_BYTES_MAX,
    files,
    fields: 30,
    fieldSize: FIELD_BYTES_MAX,
    parts: 30 + files,
    headerPairs: 20,
  };
  await app.register(multipart, { limits, throwFileSizeLimit: false });
  app.decorateRequest('pictures', null as unknown as SentPictures); // set before a handler asks for it
  app.addHook('preValidation', async (request) => {
    request.pictures = { photoIds: [], refused: 0, failure: undefined };
    if (request.isMultipart()) request.body = await fieldsOf(deps, request);
  });
}

async function fieldsOf(deps: Deps, request: FastifyRequest): Promise<Record<string, string | string[]>> {
  const fields = new Map<string, string[]>();
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      const known = fields.get(part.fieldname) ?? [];
      fields.set(part.fieldname, [...known, String(part.value)]);
      continue;
    }
    const bytes = await part.toBuffer();
    if (bytes.length === 0 || request.pictures.failure) continue; // no file was chosen
    if (part.file.truncated) request.pictures.refused++;
    else await keep(deps, request, fields.get('id')?.[0] ?? '', bytes);
  }
  return Object.fromEntries(
    [...fields].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]),
  );
}

async function keep(
  deps: Deps,
  { viewer: { memberId = '' }, pictures }: FastifyRequest,
  formId: string,
  bytes: Buffer,
): Promise<void> {
  try {
    await mayDo(deps, memberId, 'photo');
    const id = idOf('web:photo', `${memberId} ${formId} ${hash('sha256', bytes)}`);
    if (pictures.photoIds.includes(id)) return; // chosen twice
    await addPhoto(deps, { id, ownerId: memberId, alt: '' }, bytes);
    pictures.photoIds.push(id);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (REFUSALS.has(error.code)) pictures.refused++;
    else pictures.failure = error;
  }
}
