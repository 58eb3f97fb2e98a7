import { type RawBuilder, sql } from 'kysely';

/** A picture as pages show it, of `m` (catalog.media), with an expression for its alternative text. */
export const pictureJson = (
  alt: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`json_build_object('alt', ${alt},
  'sha256', m.sha256, 'width', m.width, 'height', m.height, 'colour', m.colour, 'files', m.files)`;
