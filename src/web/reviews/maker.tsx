import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { productsOfBrands } from '#modules/catalog/index.ts';
import {
  type Question,
  spokenFor,
  unanswered,
  unreplied,
  type UnrepliedReview,
} from '#modules/reviews/index.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { brandNames, type ProductName, productNames } from '#read/product-names.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { WaitingQuestions, WaitingReviews } from './waiting.tsx';

const SHOWN = 20;
const Cursor = Type.Optional(Type.String({ pattern: '^[0-9]{1,18}_[0-9a-f-]{36}$' }));

interface View {
  brands: { slug: string; name: string }[];
  questions: readonly Question[];
  questionsNext: string | null;
  reviews: readonly UnrepliedReview[];
  reviewsNext: string | null;
  names: ReadonlyMap<string, ProductName>;
}

/** What a maker's people answer: questions and reviews of their own brands. Nobody else has such a page. */
export const makerPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const querystring = Type.Object({ questions: Cursor, reviews: Cursor });
  app.get('/maker', page('member', { querystring }), async ({ viewer, query }, reply) => {
    const memberId = viewer.memberId ?? '';
    const spoken = new Set((await spokenFor(reads, memberId, now())).map(({ brandId }) => brandId));
    if (spoken.size === 0) throw platformErrors.not_found({});
    const productIds = await productsOfBrands(reads, [...spoken]);
    // From the database that is written to: what was answered a moment ago waits no more.
    const asked = { limit: SHOWN, productIds };
    const [brands, questions, reviews] = await Promise.all([
      brandNames(reads),
      unanswered(db, memberId, { ...asked, cursor: query.questions }),
      unreplied(db, memberId, { ...asked, by: 'maker', cursor: query.reviews }),
    ]);
    const said = [...questions.questions, ...reviews.reviews];
    const view: View = {
      brands: brands.filter(({ id }) => spoken.has(id)),
      questions: questions.questions,
      questionsNext: questions.cursor,
      reviews: reviews.reviews,
      reviewsNext: reviews.cursor,
      names: await productNames(
        reads,
        said.map(({ productId }) => productId),
      ),
    };
    return reply.page((about) => <MakerPage page={about} view={view} />);
  });
};

function MakerPage({ page: about, view }: { page: Page; view: View }) {
  const { brands, questions, questionsNext, reviews, reviewsNext, names } = view;
  const common = { page: about, names, voices: ['maker'] as const };
  return (
    <Layout page={about} title={t('maker.work')} index={false}>
      <div class="wrap account maker-page">
        <h1>{t('maker.work')}</h1>
        <p class="lead">
          {t('maker.lead')}{' '}
          {brands.map(({ slug, name }, n) => (
            <>
              {n > 0 && ', '}
              <a href={`/b/${slug}`}>{name}</a>
            </>
          ))}
        </p>
        <section aria-labelledby="asked">
          <h2 id="asked">{t('maker.questions')}</h2>
          {questions.length === 0 ? (
            <EmptyState title={t('maker.questions.none')} text={t('maker.questions.none.text')} />
          ) : (
            <WaitingQuestions {...common} questions={questions} />
          )}
          <More href={questionsNext && `/maker?questions=${questionsNext}#asked`} />
        </section>
        <section aria-labelledby="said">
          <h2 id="said">{t('maker.reviews')}</h2>
          {reviews.length === 0 ? (
            <EmptyState title={t('maker.reviews.none')} text={t('maker.reviews.none.text')} />
          ) : (
            <WaitingReviews {...common} reviews={reviews} />
          )}
          <More href={reviewsNext && `/maker?reviews=${reviewsNext}#said`} />
        </section>
      </div>
    </Layout>
  );
}

const More = ({ href }: { href: string | null }) =>
  href && (
    <p>
      <ButtonLink href={href} look="plain">
        {t('maker.more')}
      </ButtonLink>
    </p>
  );
