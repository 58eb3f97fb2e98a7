import type { Answer, Question, SpeaksFor } from '#modules/reviews/index.ts';
import { newId } from '#platform/ids.ts';
import { Button } from '../components/Button.tsx';
import { TextArea } from '../components/Field.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Words } from '../social/words.tsx';
import { AnswerBox } from './answer-box.tsx';
import { ReportLink } from '../safety/report-link.tsx';
import { Helped } from './review-list.tsx';

interface AnswerFormProps {
  page: Page;
  question: Question;
  /** For whom the viewer may answer beside themselves. */
  offices: readonly SpeaksFor[];
}

interface Props {
  page: Page;
  product: { id: string; slug: string };
  questions: readonly Question[];
  cursor: string | null;
}

/** What was asked of a product, with the best answers to each, and the form to ask. */
export function Questions({ page, product, questions, cursor }: Props) {
  return (
    <section class="section questions" aria-labelledby="questions">
      <h2 id="questions">{t('questions.title')}</h2>
      {questions.length === 0 && <p class="soft">{t('questions.none')}</p>}
      <ul>
        {questions.map((question) => (
          <li key={question.id} class="question">
            <h3>
              <a href={`/questions/${question.id}`}>{question.body}</a>
            </h3>
            {question.answers.map((said) => (
              <OneAnswer key={said.id} page={page} said={said} />
            ))}
            <p class="soft small">{t('questions.answers', { count: question.answerCount })}</p>
          </li>
        ))}
      </ul>
      {cursor && (
        <p>
          <a href={`/p/${product.slug}?questions=${cursor}#questions`}>{t('questions.more')}</a>
        </p>
      )}
      {page.viewer.kind === 'member' ? (
        <form method="post" action={`/p/${product.slug}/questions`} class="say-form">
          <input type="hidden" name="id" value={newId()} />
          <TextArea
            name="question"
            label={t('questions.ask')}
            hint={t('questions.ask.hint')}
            rows={2}
            required
          />
          <Button look="plain">{t('questions.ask.send')}</Button>
        </form>
      ) : (
        <p>
          <a href={`/sign-in?next=${encodeURIComponent(page.path)}`}>{t('questions.sign_in')}</a>
        </p>
      )}
    </section>
  );
}

/** Who says it, and as whom: a buyer, its maker and the shop are marked as such. */
export function OneAnswer({ page, said }: { page: Page; said: Answer }) {
  const { author, voice, at, maker } = said;
  const isOfficial = voice === 'retailer' || voice === 'maker';
  return (
    <div class={`said-answer${isOfficial ? ' review-reply' : ''}`} id={`answer-${said.id}`}>
      <Words text={said.body} />
      <p class="soft small">
        {isOfficial ? (
          <strong>
            {voice === 'maker'
              ? t('words.voice.maker', { maker: maker ?? '' })
              : t('words.voice.retailer', { shop: page.shop })}
          </strong>
        ) : author ? (
          <a href={`/@${author.handle}`}>{author.name}</a>
        ) : (
          t('words.somebody')
        )}
        {', '}
        <time datetime={at.toISOString()}>{page.format.date(at)}</time>
        {voice === 'buyer' && ` · ${t('words.voice.buyer')}`}
      </p>
      <Helped page={page} words={said} />
      {!said.isOwn && <ReportLink page={page} kind="answer" id={said.id} />}
    </div>
  );
}

/** Who speaks for the shop or the maker may do it here; nobody need. */
export function AnswerForm({ page, question, offices }: AnswerFormProps) {
  if (page.viewer.kind !== 'member')
    return (
      <p>
        <a href={`/sign-in?next=${encodeURIComponent(page.path)}`}>{t('questions.sign_in')}</a>
      </p>
    );
  return (
    <AnswerBox
      page={page}
      subjectId={question.id}
      next={`/questions/${question.id}`}
      label={t('questions.answer')}
      voices={[...offices, 'self']}
    />
  );
}
