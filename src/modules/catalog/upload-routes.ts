import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { catalogErrors } from './errors.ts';
import { UPLOAD_BYTES_MAX } from './media.ts';

/** A form's envelope around the file. */
const ENVELOPE_BYTES_MAX = 64 * 1024;
export const UPLOAD_BODY_BYTES_MAX = UPLOAD_BYTES_MAX + ENVELOPE_BYTES_MAX;

/** What a route that takes a picture may refuse it for. */
export const UPLOAD_PROBLEMS = [
  catalogErrors.media_missing,
  catalogErrors.media_too_large,
  catalogErrors.media_type_refused,
  catalogErrors.media_broken,
  catalogErrors.media_size_refused,
] as const;

/** Lets the routes of a plugin take a form with one picture. */
export async function takeUploads(app: FastifyInstance): Promise<void> {
  const limits = {
    fileSize: UPLOAD_BYTES_MAX,
    files: 1,
    fields: 4,
    fieldSize: 1000,
    parts: 5,
    headerPairs: 20,
  };
  await app.register(multipart, { limits });
}

/** The file of a form; refused when there is none, or more of it than is taken. */
export async function uploadIn(request: FastifyRequest): Promise<Buffer> {
  if (!request.isMultipart()) throw catalogErrors.media_missing({});
  try {
    const file = await request.file();
    if (file) return await file.toBuffer();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE') {
      throw catalogErrors.media_too_large({ bytesMax: UPLOAD_BYTES_MAX });
    }
    // A torn form ends the request's stream with an error of the parser.
    if (error instanceof Error && !('statusCode' in error)) throw catalogErrors.media_missing({});
    throw error;
  }
  throw catalogErrors.media_missing({});
}
