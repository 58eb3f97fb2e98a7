import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type Made, MADE_KINDS, madeBy, type MadeKind } from '#read/made.ts';
import { askDeletion, deleteMade, MadeCursor, SELECTED_MAX, showMade } from '../../made.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text } from '../page.ts';

const PATH = '/account/made';
/** What is typed before everything is deleted. */
const WORD = 'delete';
const VISIBILITIES = ['secret', 'unlisted', 'public'] as const;

const Kind = Type.Enum(['', ...MADE_KINDS], { default: '' });
const Query = exactly({ kind: Kind, words: Text(100), cursor: Type.Optional(MadeCursor) });
type Query = Static<typeof Query>;

const Selected = exactly({
  ids: Type.Array(Id, { maxItems: SELECTED_MAX, default: [] }),
  act: Type.Enum(['delete', 'show']),
  visibility: Type.Enum([...VISIBILITIES], { default: 'secret' }),
  next: Text(500),
});

/** All that a member made, in one place: to be found, shown to others than before, or deleted. Works without script. */
export const madePages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now, config }) => {
  const show = (memberId: string, { kind, words, cursor }: Query) =>
    madeBy(reads, memberId, { kind: kind === '' ? undefined : kind, words: words.trim(), cursor });

  app.get(
    PATH,
    page('member', { querystring: Query }),
    async ({ viewer: { memberId = '' }, query }, reply) => {
      const found = await show(memberId, query);
      return reply.page((about) => (
        <MadePage page={about} {...found} query={query} timeZone={config.timeZone} />
      ));
    },
  );

  app.post(
    `${PATH}/selected`,
    page('member', { body: Selected }),
    async ({ viewer: { memberId = '' }, body: { ids, act, visibility, next } }, reply) => {
      const back = localPath(next, PATH);
      if (ids.length === 0) return sendOn(reply, back, 'made.nothing_selected');
      if (act === 'delete') {
        await inTransaction(db, (tx) => deleteMade(tx, memberId, ids, now()));
        return sendOn(reply, back, 'made.deleted');
      }
      await inTransaction(db, (tx) => showMade(tx, memberId, ids, visibility));
      return sendOn(reply, back, 'made.visibility.changed');
    },
  );

  app.post(
    `${PATH}/all`,
    page('member', { body: exactly({ kind: Kind, word: Text(40) }) }),
    async ({ viewer: { memberId = '' }, body: { kind, word } }, reply) => {
      const query: Query = { kind, words: '' };
      if (word.trim().toLowerCase() === WORD) {
        await inTransaction(db, (tx) => askDeletion(tx, memberId, kind === '' ? null : kind, now()));
        return sendOn(reply, PATH, 'made.deleting');
      }
      const found = await show(memberId, query);
      void reply.code(422);
      return reply.page((about) => (
        <MadePage page={about} {...found} query={query} timeZone={config.timeZone} isRefused />
      ));
    },
  );
};

interface Props {
  page: Page;
  made: readonly Made[];
  cursor: string | null;
  query: Query;
  timeZone: string;
  isRefused?: boolean;
}

function MadePage({ page: about, made, cursor, query, timeZone, isRefused = false }: Props) {
  const at = (next: string | undefined) => {
    const asked = { ...(query.kind && { kind: query.kind }), ...(query.words && { words: query.words }) };
    return `${PATH}?${new URLSearchParams({ ...asked, ...(next && { cursor: next }) }).toString()}`;
  };
  return (
    <Layout page={about} title={t('made.title')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('made.title')}</h1>
          <p>{t('made.lead')}</p>
          <a href="/account/data">{t('owned.title')}</a>
        </header>
        <form method="get" action={PATH} class="made-filters">
          <Select
            name="kind"
            label={t('made.kind')}
            value={query.kind}
            options={[
              { value: '', label: t('made.kind.all') },
              ...MADE_KINDS.map((value) => ({ value, label: t(`made.kind.${value}`) })),
            ]}
          />
          <Field
            name="words"
            type="search"
            label={t('made.search')}
            value={query.words}
            input={{ maxlength: 100 }}
          />
          <Button look="plain">{t('made.show')}</Button>
        </form>
        {made.length === 0 ? (
          <EmptyState title={t('made.none')} text={t('made.none.text')} />
        ) : (
          <form method="post" action={`${PATH}/selected`} class="made-list">
            <input type="hidden" name="next" value={at(undefined)} />
            <ul class="rows">
              {made.map((each) => (
                <Row key={each.id} page={about} made={each} timeZone={timeZone} />
              ))}
            </ul>
            <fieldset class="made-acts">
              <legend>{t('made.with_selected')}</legend>
              <Button look="danger" name="act" value="delete">
                {t('made.delete_selected')}
              </Button>
              <Select
                name="visibility"
                label={t('made.visibility')}
                options={VISIBILITIES.map((value) => ({ value, label: t(`made.sees.${value}`) }))}
              />
              <Button look="plain" name="act" value="show">
                {t('made.visibility.set')}
              </Button>
            </fieldset>
          </form>
        )}
        <Pages at={at} cursor={cursor} isFirst={query.cursor === undefined} />
        <All kind={query.kind} isRefused={isRefused} />
      </div>
    </Layout>
  );
}

function Pages({
  at,
  cursor,
  isFirst,
}: {
  at: (next: string | undefined) => string;
  cursor: string | null;
  isFirst: boolean;
}) {
  if (cursor === null && isFirst) return null;
  return (
    <nav class="pages" aria-label={t('made.title')}>
      {!isFirst && (
        <ButtonLink href={at(undefined)} look="plain">
          {t('made.first')}
        </ButtonLink>
      )}
      {cursor !== null && (
        <ButtonLink href={at(cursor)} look="plain">
          {t('made.next')}
        </ButtonLink>
      )}
    </nav>
  );
}

const PAGES: Partial<Record<MadeKind, string>> = {
  board: 'boards',
  pin: 'pins',
  look: 'looks',
  post: 'posts',
  question: 'questions',
};

function hrefOf({ id, kind, productSlug }: Made): string | undefined {
  const folder = PAGES[kind];
  if (folder) return `/${folder}/${id}`;
  return productSlug === null ? undefined : `/p/${productSlug}#reviews`;
}

function Row({ page: { format }, made, timeZone }: { page: Page; made: Made; timeZone: string }) {
  const { id, kind, words, state, visibility, where, madeAt } = made;
  const what = words.length > 140 ? `${words.slice(0, 140).toWellFormed()}…` : words || t('made.unnamed');
  const href = hrefOf(made);
  return (
    <li>
      <label class="check made-pick">
        <input type="checkbox" name="ids" value={id} aria-label={t('made.select', { what })} />
      </label>
      <div>
        {href ? <a href={href}>{what}</a> : <span>{what}</span>}
        <span class="soft">
          {[t(`made.kind.${kind}`), where, format.dateTime(madeAt, timeZone)].filter(Boolean).join(' · ')}
        </span>
      </div>
      <span class="soft">{t(`made.sees.${state === 'live' ? visibility : state}`)}</span>
    </li>
  );
}

/** Folded away, because it can't be taken back; open when it was refused. */
function All({ kind, isRefused }: { kind: Query['kind']; isRefused: boolean }) {
  return (
    <section aria-labelledby="all">
      <h2 id="all">{kind === '' ? t('made.delete_everything') : t('made.delete_all')}</h2>
      <p class="soft">{kind === '' ? t('made.delete_all.text') : t('made.delete_all.kind')}</p>
      <details open={isRefused}>
        <summary class="text-button">{t('made.delete_all.open')}</summary>
        <form method="post" action={`${PATH}/all`} class="form">
          <input type="hidden" name="kind" value={kind} />
          <Field
            name="word"
            label={t('made.delete_all.word')}
            required
            error={isRefused ? t('made.delete_all.refused') : undefined}
            input={{ autocomplete: 'off', maxlength: 40 }}
          />
          <Button look="danger">{kind === '' ? t('made.delete_everything') : t('made.delete_all')}</Button>
        </form>
      </details>
    </section>
  );
}
