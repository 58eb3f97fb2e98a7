import { isDeepStrictEqual } from 'node:util';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

interface ErrorSpec {
  status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429;
  title: string;
  data: TSchema;
}

/** An expected refusal. Programmer errors are `node:assert` failures, never `AppError`. */
export class AppError extends Error {
  override name = 'AppError';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly data: unknown;

  constructor(code: string, spec: ErrorSpec, data: unknown) {
    super(`${code}: ${spec.title}`);
    this.code = code;
    this.status = spec.status;
    this.title = spec.title;
    this.data = data;
  }
}

type ErrorMaker<Spec extends ErrorSpec> = ((data: Static<Spec['data']>) => AppError) & {
  code: string;
  spec: Spec;
};

/** A module's refusals, each with its HTTP status and typed data, in one table. */
export function defineErrors<const Specs extends Record<string, ErrorSpec>>(module: string, specs: Specs) {
  const makers = Object.entries(specs).map(([key, spec]) => {
    const code = `${module}.${key}`;
    return [key, Object.assign((data: unknown) => new AppError(code, spec, data), { code, spec })];
  });
  return Object.fromEntries(makers) as { [Key in keyof Specs]: ErrorMaker<Specs[Key]> };
}

const None = Type.Object({});
/** What any route may answer before its own code is asked. */
export const platformErrors = defineErrors('platform', {
  sign_in_required: { status: 401, title: 'Sign in first', data: None },
  not_allowed: { status: 403, title: 'That is not open to you', data: None },
  cross_site: { status: 403, title: 'The form was sent from another site', data: None },
  too_many_requests: {
    status: 429,
    title: 'Too many requests: wait a moment',
    data: Type.Object({ retryAfterSeconds: Type.Integer() }),
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'An Idempotency-Key has 16 to 255 visible ASCII characters',
    data: None,
  },
  idempotency_key_reused: {
    status: 422,
    title: 'That Idempotency-Key came with another request',
    data: None,
  },
  request_in_progress: {
    status: 409,
    title: 'The same request is being answered at this moment',
    data: None,
  },
  answer_not_kept: {
    status: 409,
    title: 'It was done, and its answer held a secret that is kept nowhere',
    data: None,
  },
  not_found: { status: 404, title: 'There is nothing here', data: None },
});

const PROBLEM_JSON = 'application/problem+json';

/** OpenAPI responses (RFC 9457 problem documents) for the refusals that a route can answer with. */
export function problems(...makers: { code: string; spec: ErrorSpec }[]) {
  const responses: Record<number, { content: Record<string, { schema: TSchema }> }> = {};
  for (const status of new Set(makers.map((maker) => maker.spec.status))) {
    const documents = makers
      .filter((maker) => maker.spec.status === status)
      .map(({ code, spec }) =>
        Type.Object({
          type: Type.Literal(`/problems/${code}`),
          title: Type.String(),
          status: Type.Integer(),
          data: spec.data,
        }),
      );
    responses[status] = { content: { [PROBLEM_JSON]: { schema: Type.Union(documents) } } };
  }
  return responses;
}

type Documented = { content?: Record<string, { schema?: { anyOf?: readonly TSchema[] } }> };

/** A route's answers with one refusal more, beside those of its status; as they are where it stands there already. */
export function withProblem(response: unknown, maker: { code: string; spec: ErrorSpec }) {
  const { status } = maker.spec;
  const answers = { ...(response as Record<number, Documented> | undefined) }; // `problems` made those of refusals
  const known = answers[status]?.content?.[PROBLEM_JSON]?.schema?.anyOf ?? [];
  const type = Type.Literal(`/problems/${maker.code}`);
  const isKnown = known.some((each) => isDeepStrictEqual(Reflect.get(each, 'properties')?.type, type));
  if (isKnown) return answers;
  const added = problems(maker)[status]?.content[PROBLEM_JSON]?.schema as { anyOf: TSchema[] };
  const schema = Type.Union([...known, ...added.anyOf]);
  return { ...answers, [status]: { content: { [PROBLEM_JSON]: { schema } } } };
}

/** The problem document of any error. A fault of ours says nothing about itself to the caller. */
export function problemOf(error: FastifyError) {
  if (error instanceof AppError) {
    const { code, title, status, data } = error;
    return { type: `/problems/${code}`, title, status, data };
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return { type: 'about:blank', title: 'Something went wrong', status };
  const errors = error.validation?.map(({ instancePath, message, params }) => ({
    pointer: `${error.validationContext ?? ''}${instancePath}`,
    detail: message ?? 'is not valid',
    params,
  }));
  const type = errors ? '/problems/platform.invalid' : 'about:blank';
  const title = errors ? 'The request is not of the described form' : error.message;
  return { type, title, status, ...(errors && { errors }) };
}

export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
  // A route's schema for the status knows only its own refusals; it would not let the platform's through.
  return reply.code(problem.status).type(PROBLEM_JSON).serializer(JSON.stringify).send(problem);
}
