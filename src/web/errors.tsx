import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { socialErrors } from '#modules/social/index.ts';
import { answerError, problemOf } from '#platform/errors.ts';
import { ButtonLink } from './components/Button.tsx';
import { EmptyState } from './components/EmptyState.tsx';
import { Layout } from './layout.tsx';
import { type PlainKey, say, t } from './messages.ts';
import { type Page, wantsHtml } from './page.ts';

/** A page for a browser, a problem document for code. Who is not signed in is sent to the front door. */
export async function answerWithPage(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (!wantsHtml(request)) return answerError(error, request, reply);
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
  if (problem.status === 401) {
    const next = request.method === 'GET' ? request.url : '/';
    return reply.redirect(`/sign-in?next=${encodeURIComponent(next)}`, 303);
  }
  // An address with a malformed part names nothing that could be here.
  const status = error.validationContext === 'params' ? 404 : problem.status;
  const isPaused = error.code === socialErrors.suspended.code;
  const html = await reply.page((page) => <ErrorPage page={page} status={status} isPaused={isPaused} />);
  return reply.code(status).send(html);
}

const TEXTS: Record<number, [PlainKey, PlainKey]> = {
  400: ['error.400.title', 'error.400.text'],
  403: ['error.403.title', 'error.403.text'],
  404: ['error.404.title', 'error.404.text'],
  409: ['error.409.title', 'error.409.text'],
  413: ['error.413.title', 'error.413.text'],
  429: ['error.429.title', 'error.429.text'],
};
const PAUSED: [PlainKey, PlainKey] = ['error.paused.title', 'error.paused.text'];
const FAULT: [PlainKey, PlainKey] = ['error.500.title', 'error.500.text'];

interface ErrorProps {
  page: Page;
  status: number;
  /** A moderator has paused what the member can do. */
  isPaused?: boolean;
}

export function ErrorPage({ page, status, isPaused = false }: ErrorProps) {
  const known = isPaused ? PAUSED : TEXTS[status];
  const [title, text] = known ?? (status < 500 ? (TEXTS[400] ?? FAULT) : FAULT);
  return (
    <Layout page={page} title={say(title)} index={false}>
      <EmptyState title={say(title)} text={say(text)} level={1}>
        {isPaused ? (
          <ButtonLink href="/account/removals">{t('standing.link')}</ButtonLink>
        ) : (
          <ButtonLink href="/">{t('error.home')}</ButtonLink>
        )}
      </EmptyState>
    </Layout>
  );
}
