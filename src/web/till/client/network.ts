/** No answer, or none now: what was asked may be asked again. */
export class Unreachable extends Error {}
/** An answer that the server itself did not mean: it may be about what was asked, whenever that is asked again. */
export class Failing extends Unreachable {}
/** The sign-in has lapsed, or no longer opens the till. */
export class SignedOut extends Error {}
/** The server's no, by its name and in its words. */
export class Refused extends Error {
  /** Such as "till.sale_differs". */
  readonly code: string;

  constructor(code: string, title: string) {
    super(title);
    this.code = code;
  }
}

const ANSWER_MS_MAX = 10_000;
/** So long a buyer stands and waits for a price; then the till's own holds. */
export const QUOTE_MS_MAX = 5_000;
/** Answers that say "not now" and nothing about what was asked. */
const LATER = new Set([408, 425, 429]);

interface Problem {
  type?: string;
  title?: string;
}

/** Asks the server, as whoever is signed in. A path of our own only. */
export async function ask<Answer>(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: object,
  answerMsMax = ANSWER_MS_MAX,
): Promise<Answer> {
  const answer = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(answerMsMax),
  }).catch((error: unknown) => {
    throw new Unreachable('no answer', { cause: error });
  });
  if (answer.status >= 500) throw new Failing(`answered ${answer.status}`);
  if (LATER.has(answer.status)) throw new Unreachable(`answered ${answer.status}`);
  if (answer.status === 401 || answer.status === 403) throw new SignedOut(`answered ${answer.status}`);
  const read = (await answer.json().catch((error: unknown) => {
    // Cut off in the middle; an answer without a body is none of ours.
    if (answer.status === 204) return undefined;
    throw new Unreachable('half an answer', { cause: error });
  })) as unknown;
  if (answer.ok) return read as Answer;
  const { type = '', title = '' } = read as Problem;
  throw new Refused(type.split('/').at(-1) ?? '', title);
}
