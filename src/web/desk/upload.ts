import multipart, { type FastifyMultipartOptions } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface Uploaded {
  file: Buffer | undefined;
  isTooLarge: boolean;
}

interface Limits {
  fileSize: number;
  /** Of one field of text. */
  fieldSize: number;
}

/** Forms that bring one file and a few fields: a file that is too large is cut, and says so. */
export async function takeUploads(app: FastifyInstance, { fileSize, fieldSize }: Limits): Promise<void> {
  const limits: FastifyMultipartOptions['limits'] = {
    fileSize,
    files: 1,
    fields: 8,
    fieldSize,
    parts: 9,
    headerPairs: 20,
  };
  await app.register(multipart, { limits, throwFileSizeLimit: false });
}

/** What a form brought: its fields by the names in `blank`, and its file. */
export async function uploadIn<Fields extends Record<keyof Fields, string>>(
  request: FastifyRequest,
  blank: Fields,
): Promise<Fields & Uploaded> {
  const typed: Record<string, string> = {};
  const upload: Uploaded = { file: undefined, isTooLarge: false };
  if (!request.isMultipart()) return { ...blank, ...upload };
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (part.filename !== '' && part.filename !== undefined) upload.file = bytes;
      upload.isTooLarge = part.file.truncated;
    } else if (Object.hasOwn(blank, part.fieldname)) typed[part.fieldname] = String(part.value);
  }
  return { ...blank, ...typed, ...upload };
}
