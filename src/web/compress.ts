import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const gzipped = promisify(gzip);
/** Of pages that are shown again as they are. */
const zipped = new WeakMap<Buffer, Promise<Buffer>>();
const WORTHWHILE_BYTES_MIN = 1400; // less fits into one packet as it is

/** A page as the browser takes it. The answer holds no secret beside text that a stranger may choose. */
export async function compressed(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (!Buffer.isBuffer(payload) || payload.length < WORTHWHILE_BYTES_MIN || !isText(reply)) return payload;
  if (reply.hasHeader('content-encoding')) return payload;
  reply.header('vary', 'accept-encoding');
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return payload;
  reply.header('content-encoding', 'gzip').removeHeader('content-length');
  let made = zipped.get(payload);
  if (!made) {
    made = gzipped(payload, { level: 4 });
    zipped.set(payload, made);
  }
  return made;
}

const isText = (reply: FastifyReply) => String(reply.getHeader('content-type')).startsWith('text/html');
