import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});

export const archiveErrors = defineErrors('archives', {
  archive_not_found: { status: 404, title: 'There is no such archive of yours', data: None },
  archive_differs: { status: 409, title: 'Something else has that id', data: None },
  // It is still being made, or its time is over.
  archive_has_no_file: { status: 409, title: 'That archive can’t be fetched now', data: None },
  intake_not_found: { status: 404, title: 'There is no such import of yours', data: None },
  intake_running: { status: 409, title: 'An archive of yours is being taken in already', data: None },
  file_missing: { status: 422, title: 'Choose the file of an archive', data: None },
  file_too_large: {
    status: 413,
    title: 'That file is larger than an archive may be',
    data: Type.Object({ bytesMax: Type.Integer() }),
  },
});
