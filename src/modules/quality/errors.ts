import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

export const qualityErrors = defineErrors('quality', {
  feed_not_found: { status: 404, title: 'No such feed is watched', data: Type.Object({}) },
});
