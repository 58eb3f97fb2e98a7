import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Config } from '#platform/config.ts';
import type { MediaStorage } from './media-storage.ts';

type BucketSettings = NonNullable<Config['s3']>;

/** A bucket of anything that speaks S3: AWS by its region, others by their endpoint. */
export function openBucket(settings: BucketSettings): MediaStorage {
  let connecting: ReturnType<typeof connect> | undefined;
  const connected = () => (connecting ??= connect(settings));
  return {
    async put(key, bytes, mimeType) {
      const { client, PutObjectCommand, place } = await connected();
      const content = {
        Body: bytes,
        ContentType: mimeType,
        CacheControl: 'public, max-age=31536000, s-maxage=86400, immutable',
      };
      await client.send(new PutObjectCommand({ ...place(key), ...content }));
    },
    async get(key) {
      const { client, GetObjectCommand, NoSuchKey, place } = await connected();
      try {
        const { Body } = await client.send(new GetObjectCommand(place(key)));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async putFile(key, path, mimeType) {
      const { client, PutObjectCommand, place } = await connected();
      const { size } = await stat(path);
      const content = { Body: createReadStream(path), ContentLength: size, ContentType: mimeType };
      await client.send(new PutObjectCommand({ ...place(key), ...content }));
    },
    async stream(key) {
      const { client, GetObjectCommand, NoSuchKey, place } = await connected();
      try {
        const { Body } = await client.send(new GetObjectCommand(place(key)));
        return Body instanceof Readable ? Body : undefined;
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async remove(key) {
      const { client, DeleteObjectCommand, place } = await connected();
      await client.send(new DeleteObjectCommand(place(key)));
    },
  };
}

/** Loads the client when it is first needed: most Stoas keep their pictures in a folder, and need no 20 MB for it. */
async function connect({ bucket, region, endpoint, credentials }: BucketSettings) {
  const { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } =
    await import('@aws-sdk/client-s3');
  const client = new S3Client({
    region,
    // Servers other than AWS rarely have a host name for each bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const place = (key: string) => ({ Bucket: bucket, Key: `media/${key}` });
  return { client, DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, place };
}
