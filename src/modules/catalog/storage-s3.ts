import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Config } from '#platform/config.ts';
import type { MediaStorage } from './media-storage.ts';

/** A bucket of anything that speaks S3: AWS by its region, others by their endpoint. */
export function openBucket({
  bucket,
  region,
  endpoint,
  credentials,
}: NonNullable<Config['s3']>): MediaStorage {
  const client = new S3Client({
    region,
    // Servers other than AWS rarely have a host name for each bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    async put(key, bytes, mimeType) {
      const content = {
        Body: bytes,
        ContentType: mimeType,
        CacheControl: 'public, max-age=31536000, immutable',
      };
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `media/${key}`, ...content }));
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `media/${key}` }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
