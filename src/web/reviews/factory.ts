import type { FastifyInstance } from 'fastify';
import { ORIGIN } from '../factory.ts';

const BOUNDARY = 'x-boundary-of-the-test';

/** The form of a review, as a browser sends it: in parts, its photos among them. */
export function sendReview(
  app: Pick<FastifyInstance, 'inject'>,
  { jar }: { jar: ReadonlyMap<string, string> },
  url: string,
  fields: Record<string, string>,
  photos: readonly Buffer[] = [],
) {
  const part = (about: string) => `--${BOUNDARY}\r\ncontent-disposition: form-data; ${about}\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`);
  const files = photos.flatMap((photo, n) => [
    `${part(`name="photos"; filename="${n}.jpg"`)}content-type: image/jpeg\r\n\r\n`,
    photo,
    '\r\n',
  ]);
  return app.inject({
    method: 'POST',
    url,
    payload: Buffer.concat([...texts, ...files, `--${BOUNDARY}--\r\n`].map((each) => Buffer.from(each))),
    headers: {
      accept: 'text/html',
      origin: ORIGIN,
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    },
  });
}
