import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { StoredMedia } from './answers.ts';
import { catalogErrors } from './errors.ts';
import { storeMedia } from './media.ts';
import { WRITERS } from './staff-routes.ts';
import { openStorage } from './storage.ts';
import { takeUploads, UPLOAD_BODY_BYTES_MAX, UPLOAD_PROBLEMS, uploadIn } from './upload-routes.ts';

export const mediaRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  await takeUploads(app);
  app.post(
    '/media',
    {
      config: { access: WRITERS },
      bodyLimit: UPLOAD_BODY_BYTES_MAX,
      schema: {
        operationId: 'uploadMedia',
        consumes: ['multipart/form-data'],
        description: 'One picture (JPEG, PNG, WebP, AVIF or GIF) as the file of a form, 10 MB at most.',
        response: {
          200: StoredMedia,
          ...problems(...UPLOAD_PROBLEMS),
        },
      },
    },
    async (request) => storeMedia(deps, await uploadIn(request)),
  );
};

const MIME_TYPES = { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' } as const;

/**
 * Outside /v1: `GET /media/:sha256/:file`, the addresses in pages. What stands at one never changes; it may be deleted,
 * so what stands between us and a browser asks again after a day.
 */
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
          file: Type.String({
            pattern: String.raw`^(source|cutout|shared|[1-9][0-9]{1,3})\.(avif|webp|jpg)$`,
          }),
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
        .header('cache-control', 'public, max-age=31536000, s-maxage=86400, immutable')
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
};
