import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const File = Type.Object({ file: Type.String(), detail: Type.String() });

/** Why a file or a mapping is refused. Nothing of it has been written when one of these is thrown. */
export const importErrors = defineErrors('imports', {
  bad_file: { status: 422, title: 'The file cannot be read', data: File },
  bad_line: {
    status: 422,
    title: 'A line of the file is not as the mapping says',
    data: Type.Object({ file: Type.String(), line: Type.Integer(), detail: Type.String() }),
  },
  bad_mapping: { status: 422, title: 'The mapping is not of the described form', data: File },
});
