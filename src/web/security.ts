import type { FastifyReply, FastifyRequest } from 'fastify';
import { platformErrors } from '#platform/errors.ts';

const SOURCES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  // Attributes only: the colour that stands where a picture is still loading, the length of a bar.
  'style-src-attr': "'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** Origins, beside our own, that a form of this page may end at: a sign-in that continues at a provider. */
const policyFor = (formsTo: readonly string[], imagesFrom: readonly string[] = []) =>
  Object.entries({
    ...SOURCES,
    'img-src': [SOURCES['img-src'], ...imagesFrom].join(' '),
    'form-action': ["'self'", ...formsTo].join(' '),
  })
    .map(([directive, value]) => `${directive} ${value}`)
    .join('; ');

const POLICY = policyFor([]);

/** What reads a barcode from a picture is WebAssembly where the browser can't do it by itself. */
const CAMERA_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

// No referrer-policy: the browsers' own tells other sites our origin and no more, and ours the whole address.
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** On every answer, error pages included. Constant text: middleware that builds it anew costs more than a page. */
export function secure(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(HEADERS);
  if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000');
  const { contentSecurityPolicy, formsTo, imagesFrom, usesCamera, framedBy } = request.routeOptions.config;
  if (framedBy !== undefined) {
    reply.removeHeader('x-frame-options'); // knows one site or none
    reply.header('content-security-policy', framedPolicy(framedBy));
    return;
  }
  if (usesCamera) {
    reply.header('permissions-policy', HEADERS['permissions-policy'].replace('camera=()', 'camera=(self)'));
    reply.header('content-security-policy', CAMERA_POLICY);
    return;
  }
  const own = formsTo || imagesFrom ? policyFor(formsTo ?? [], imagesFrom) : POLICY;
  reply.header('content-security-policy', contentSecurityPolicy ?? own);
}

const framedPolicy = (by: string) =>
  POLICY.replace("frame-ancestors 'none'", `frame-ancestors ${by}`).replace(
    "script-src 'self'",
    "script-src 'none'",
  );

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A form counts only when one of our own pages sent it. Throws for any other. */
export function refuseCrossSite(request: FastifyRequest): void {
  if (READING.has(request.method) || request.routeOptions.config.takesOneClick) return;
  if (!isFromOwnPage(request)) throw platformErrors.cross_site({});
}

/** Whether a form comes from a page of ours, and not from another site or a program. */
export function isFromOwnPage(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site ? site === 'same-origin' : request.headers.origin === `${request.protocol}://${request.host}`;
}
