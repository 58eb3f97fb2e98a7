import type { FastifyInstance } from 'fastify';
import type { Static, TObject } from 'typebox';
import { Button } from './components/Button.tsx';
import { EmptyState } from './components/EmptyState.tsx';
import { Layout } from './layout.tsx';
import { type PlainKey, t } from './messages.ts';
import { page, sendOn } from './page.ts';
import { isFromOwnPage } from './security.ts';

/** What a link ends that stands in mails of one sort. */
interface Stop<Asked extends TObject> {
  path: string;
  /** What the link has: its signature is all that whoever holds it must show. */
  asked: Asked;
  texts: Record<'title' | 'text' | 'button' | 'done' | 'unknown', PlainKey>;
  /** False of a link that nobody gave out. */
  act: (link: Static<Asked>) => Promise<boolean>;
}

/** "List-Unsubscribe=One-Click" and nothing more. */
const BODY_BYTES_MAX = 4096;

/**
 * Where the link of a mail leads: it stops the mails, signed in or not. Opening it alone stops nothing, for scanners open
 * links. A mail program that has a button of its own posts to the same address (RFC 8058): it comes without cookies and
 * from no page of ours, says all in the address, and may not be sent on.
 */
export async function stopsMails<const Asked extends TObject>(
  app: FastifyInstance,
  { path, asked, texts, act }: Stop<Asked>,
): Promise<void> {
  const { schema, config } = page('public', { querystring: asked });
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, async () => undefined);

    scope.get(path, { schema, config }, async (request, reply) =>
      reply.page((about) => (
        <Layout page={about} title={t(texts.title)} index={false}>
          <div class="wrap account">
            <h1>{t(texts.title)}</h1>
            <p>{t(texts.text)}</p>
            <form method="post" action={request.url} class="form">
              <Button>{t(texts.button)}</Button>
            </form>
          </div>
        </Layout>
      )),
    );

    scope.post(path, { schema, config: { ...config, takesOneClick: true } }, async (request, reply) => {
      const isDone = await act(request.query as Static<Asked>); // as the schema has it
      if (isDone && isFromOwnPage(request)) return sendOn(reply, '/', texts.done);
      if (!isDone) void reply.code(403);
      return reply.page((about) => (
        <Layout page={about} title={t(texts.title)} index={false}>
          <div class="wrap">
            <EmptyState level={1} title={t(texts.title)} text={t(isDone ? texts.done : texts.unknown)} />
          </div>
        </Layout>
      ));
    });
  });
}
