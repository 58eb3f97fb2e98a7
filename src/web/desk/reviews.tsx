import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { productInShop } from '#modules/catalog/index.ts';
import {
  type Question,
  SPEAKERS,
  unanswered,
  unreplied,
  type UnrepliedReview,
} from '#modules/reviews/index.ts';
import { mayEnter } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { type ProductName, productNames } from '#read/product-names.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { type Page, page, Text } from '../page.ts';
import { WaitingQuestions, WaitingReviews } from '../reviews/waiting.tsx';
import { dayBegins } from './audit-query.ts';
import { ReviewShell } from './review-shell.tsx';
import { addressOf } from './stock-query.ts';

const QUESTIONS = '/desk/reviews';
const REPLIES = '/desk/reviews/replies';
const SHOWN = 20;
const AFTER = Type.Optional(Type.String({ pattern: '^[0-9]{1,18}_[0-9a-f-]{36}$' }));

const Filters = exactly({
  stars: Text(1),
  product: Text(120),
  from: Text(10),
  to: Text(10),
  after: AFTER,
});
type Filters = Static<typeof Filters>;

/** What waits for the shop's word: questions and reviews, answered in place by the same operations as the API's. */
export const reviewPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, config }) => {
  const namesOf = (said: readonly { productId: string }[]) =>
    productNames(
      reads,
      said.map(({ productId }) => productId),
    );
  const paging = Type.Object({ after: AFTER });
  app.get(QUESTIONS, page('staff', { querystring: paging }), async ({ viewer, query }, reply) => {
    // Who does not speak for the shop comes here for what is asked.
    if (!mayEnter(viewer, SPEAKERS)) return reply.redirect('/desk/reviews/settings', 303);
    const asked = { limit: SHOWN, cursor: query.after };
    const { questions, cursor } = await unanswered(db, viewer.memberId ?? '', asked);
    const view = { questions, cursor, names: await namesOf(questions) };
    return reply.page((about) => <QuestionsPage page={about} {...view} />);
  });

  app.get(REPLIES, page(SPEAKERS, { querystring: Filters }), async ({ viewer, query }, reply) => {
    const slug = query.product.trim();
    const product = slug === '' ? undefined : await productInShop(reads, { slug });
    const isUnknown = slug !== '' && !product;
    const stars = Number(query.stars);
    const found = isUnknown
      ? { reviews: [], cursor: null }
      : await unreplied(db, viewer.memberId ?? '', {
          by: 'retailer',
          limit: SHOWN,
          cursor: query.after,
          productIds: product && [product.id],
          stars: stars >= 1 && stars <= 5 ? stars : undefined,
          from: dayBegins(query.from, config.timeZone),
          until: dayBegins(query.to, config.timeZone, 1),
        });
    const view = { ...found, names: await namesOf(found.reviews), filters: query, isUnknown };
    return reply.page((about) => <RepliesPage page={about} {...view} />);
  });
};

interface Common {
  page: Page;
  cursor: string | null;
  names: ReadonlyMap<string, ProductName>;
}

function QuestionsPage({ page: about, questions, cursor, names }: Common & { questions: Question[] }) {
  return (
    <ReviewShell page={about} title={t('desk.reviews.questions')} lead={t('desk.reviews.questions.lead')}>
      {questions.length === 0 ? (
        <EmptyState title={t('desk.reviews.questions.none')} text={t('desk.reviews.questions.none.text')} />
      ) : (
        <WaitingQuestions page={about} names={names} voices={['retailer']} questions={questions} />
      )}
      <More href={cursor && addressOf(QUESTIONS, { after: cursor })} />
    </ReviewShell>
  );
}

type RepliesProps = Common & { reviews: UnrepliedReview[]; filters: Filters; isUnknown: boolean };

function RepliesPage({ page: about, reviews, cursor, names, filters, isUnknown }: RepliesProps) {
  const { stars, product, from, to } = filters;
  return (
    <ReviewShell page={about} title={t('desk.reviews.replies')} lead={t('desk.reviews.replies.lead')}>
      <form action={REPLIES} class="audit-filters" role="search" aria-label={t('desk.filters')}>
        <Select
          name="stars"
          label={t('desk.reviews.stars')}
          value={stars}
          options={[
            { value: '', label: t('desk.reviews.stars.all') },
            ...[1, 2, 3, 4, 5].map((star) => ({
              value: String(star),
              label: t('reviews.stars', { count: star }),
            })),
          ]}
        />
        <Field
          name="product"
          label={t('desk.reviews.product')}
          hint={t('desk.reviews.product.hint')}
          value={product}
          error={isUnknown ? t('desk.reviews.product.unknown') : undefined}
          input={{ maxlength: 120, autocomplete: 'off' }}
        />
        <Field name="from" type="date" label={t('desk.filters.from')} value={from} />
        <Field name="to" type="date" label={t('desk.filters.to')} value={to} />
        <div class="actions">
          <Button>{t('desk.filters.show')}</Button>
          {(stars || product || from || to) && <a href={REPLIES}>{t('filters.clear')}</a>}
        </div>
      </form>
      {reviews.length === 0 ? (
        <EmptyState title={t('desk.reviews.replies.none')} text={t('desk.reviews.replies.none.text')} />
      ) : (
        <WaitingReviews page={about} names={names} voices={['retailer']} reviews={reviews} />
      )}
      <More href={cursor && addressOf(REPLIES, { stars, product, from, to, after: cursor })} />
    </ReviewShell>
  );
}

const More = ({ href }: { href: string | null }) =>
  href && (
    <nav class="actions" aria-label={t('list.pages')}>
      <ButtonLink href={href} look="plain">
        {t('desk.reviews.more')}
      </ButtonLink>
    </nav>
  );
