import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type ProductInShop, productInShop } from '#modules/catalog/index.ts';
import {
  type Question,
  questionById,
  reviewErrors,
  type SpeaksFor,
  spokenFor,
} from '#modules/reviews/index.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { factsText, type JsonLdObject } from '../json-ld.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { officesOf } from './answer-box.tsx';
import { ReportLink } from '../safety/report-link.tsx';
import { AnswerForm, OneAnswer } from './questions.tsx';

/** One question with all its answers: where notices lead, and search engines. */
export const questionPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  app.get(
    '/questions/:id',
    page('public', { params: Type.Object({ id: Id }) }),
    async ({ viewer: { memberId }, params: { id } }, reply) => {
      const question = await questionById(reads, memberId, id);
      const product = question && (await productInShop(reads, { id: question.productId }));
      if (!question || !product) throw reviewErrors.review_not_found({});
      const spoken = memberId === undefined ? [] : await spokenFor(reads, memberId, now());
      return reply.page((about) => (
        <QuestionView
          page={about}
          question={question}
          product={product}
          offices={officesOf(about.viewer, spoken, product.brandId)}
        />
      ));
    },
  );
};

/** As search engines read it: the answer that helped most is the suggested one they see first. */
const factsOf = ({ body, answerCount, askedAt, author, answers }: Question): JsonLdObject[] => [
  {
    '@type': 'QAPage',
    mainEntity: {
      '@type': 'Question',
      name: body,
      answerCount,
      datePublished: askedAt.toISOString(),
      author: { '@type': 'Person', name: author?.name ?? t('words.somebody') },
      suggestedAnswer: answers.map((said) => ({
        '@type': 'Answer',
        text: said.body,
        upvoteCount: said.helpful,
        datePublished: said.at.toISOString(),
        author: { '@type': 'Person', name: said.author?.name ?? t('words.somebody') },
      })),
    },
  },
];

interface Props {
  page: Page;
  question: Question;
  product: ProductInShop;
  offices: readonly SpeaksFor[];
}

function QuestionView({ page: about, question, product, offices }: Props) {
  const path = `/questions/${question.id}`;
  const isMember = about.viewer.kind === 'member';
  return (
    <Layout
      page={about}
      title={question.body}
      description={t('questions.about', { title: product.title })}
      canonical={path}
      jsonLd={factsText(factsOf(question))}
    >
      <div class="wrap question-page">
        <Breadcrumbs
          crumbs={[{ name: product.title, href: `/p/${product.slug}` }, { name: t('questions.title') }]}
        />
        <h1>{question.body}</h1>
        <p class="soft">
          {question.author ? (
            <a href={`/@${question.author.handle}`}>{question.author.name}</a>
          ) : (
            t('words.somebody')
          )}
          , <time datetime={question.askedAt.toISOString()}>{about.format.date(question.askedAt)}</time>
        </p>
        {isMember && (
          <div class="actions">
            <form method="post" action={`${path}/follow`}>
              <input type="hidden" name="on" value={question.isFollowed ? 'no' : 'yes'} />
              <Button look="plain" aria-pressed={question.isFollowed ? 'true' : 'false'}>
                {question.isFollowed ? t('questions.unfollow') : t('questions.follow')}
              </Button>
            </form>
            {question.isOwn && <DeleteForm id={question.id} next={`/p/${product.slug}`} />}
          </div>
        )}
        {!question.isOwn && <ReportLink page={about} kind="question" id={question.id} />}
        <form method="post" action="/words/vote" id="vote">
          <input type="hidden" name="next" value={path} />
        </form>
        <h2>{t('questions.answers', { count: question.answerCount })}</h2>
        {question.answers.map((said) => (
          <div key={said.id}>
            <OneAnswer page={about} said={said} />
            {said.isOwn && <DeleteForm id={said.id} next={path} />}
          </div>
        ))}
        <AnswerForm page={about} question={question} offices={offices} />
      </div>
    </Layout>
  );
}

const DeleteForm = ({ id, next }: { id: string; next: string }) => (
  <form method="post" action="/words/delete">
    <input type="hidden" name="id" value={id} />
    <input type="hidden" name="next" value={next} />
    <button type="submit" class="text-button">
      {t('words.delete')}
    </button>
  </form>
);
