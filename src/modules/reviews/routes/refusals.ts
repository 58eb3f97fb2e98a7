import { platformErrors } from '#platform/errors.ts';

/** What every route answers that asks who calls. */
export const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
