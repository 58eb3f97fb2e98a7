import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const collectorErrors = defineErrors('collector', {
  key_unknown: { status: 401, title: 'That write key is not known, or was revoked', data: None },
  origin_refused: { status: 403, title: 'That write key is not for pages of this origin', data: None },
  too_large: {
    status: 413,
    title: 'A batch has 500 kB at most, unzipped',
    data: Type.Object({ bytesMax: Type.Integer() }),
  },
  too_fast: {
    status: 429,
    title: 'That write key sends more than it may: wait a moment',
    data: Type.Object({ retryAfterSeconds: Type.Integer() }),
  },
  zip_broken: { status: 400, title: 'The body says that it is gzip, and is not', data: None },
  source_not_found: { status: 404, title: 'There is no such source', data: None },
  sources_full: { status: 409, title: 'There are as many sources as there can be', data: None },
  source_revoked: { status: 409, title: 'That source was revoked: make another', data: None },
  letter_not_found: { status: 404, title: 'There is no such dead letter', data: None },
  letter_settled: {
    status: 409,
    title: 'That dead letter was replayed or dismissed before',
    data: None,
  },
  letter_still_unfit: {
    status: 422,
    title: 'It does not fit yet',
    data: Type.Object({ reason: Type.String(), place: Type.String() }),
  },
});
