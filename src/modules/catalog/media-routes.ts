import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { StoredMedia } from './answers.ts';
import { catalogErrors } from './errors.ts';
import { storeMedia, UPLOAD_BYTES_MAX } from './media.ts';
import { WRITERS } from './staff-routes.ts';
import { openStorage } from './storage.ts';

/** A form's envelope around the file. */
const ENVELOPE_BYTES_MAX = 64 * 1024;

export const mediaRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const limits = {
    fileSize: UPLOAD_BYTES_MAX,
    files: 1,
    fields: 4,
    fieldSize: 1000,
    parts: 5,
    headerPairs: 20,
  };
  await app.register(multipart, { limits });
  app.post(
    '/media',
    {
      config: { access: WRITERS },
      bodyLimit: UPLOAD_BYTES_MAX + ENVELOPE_BYTES_MAX,
      schema: {
        operationId: 'uploadMedia',
        consumes: ['multipart/form-data'],
        description: 'One picture (JPEG, PNG, WebP, AVIF or GIF) as the file of a form, 10 MB at most.',
        response: {
          200: StoredMedia,
          ...problems(
            catalogErrors.media_missing,
            catalogErrors.media_too_large,
            catalogErrors.media_type_refused,
            catalogErrors.media_broken,
            catalogErrors.media_size_refused,
          ),
        },
      },
    },
    async (request) => {
      if (!request.isMultipart()) throw catalogErrors.media_missing({});
      return storeMedia(deps, await fileOf(request.file()));
    },
  );
};

async function fileOf(asked: Promise<{ toBuffer(): Promise<Buffer> } | undefined>): Promise<Buffer> {
  try {
    const file = await asked;
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

const MIME_TYPES = { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' } as const;

/** Outside /v1: `GET /media/:sha256/:file`, the addresses in pages. What stands at one never changes. */
export const mediaFiles: FastifyPluginAsyncTypebox<Deps> = async (app, { config }) => {
  const storage = openStorage(config);
  app.get(
    '/media/:sha256/:file',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getMediaFile',
        params: exactly({
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
          file: Type.String({ pattern: String.raw`^(source|[1-9][0-9]{1,3})\.(avif|webp|jpg)$` }),
        }),
        response: {
          200: Type.Any({ description: 'The picture' }),
          ...problems(catalogErrors.media_not_found),
        },
      },
    },
    async (request, reply) => {
      const { sha256, file } = request.params;
      const bytes = await storage.get(`${sha256}/${file}`);
      if (!bytes) throw catalogErrors.media_not_found({});
      const extension = file.slice(file.indexOf('.') + 1) as keyof typeof MIME_TYPES;
      return reply
        .type(MIME_TYPES[extension])
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
};
