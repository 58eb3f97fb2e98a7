import type { Comment, Tally } from '#modules/social/index.ts';
import { COMMENT_LENGTH_MAX, COMMENT_PHOTOS_MAX, REACTION_KINDS } from '#modules/social/index.ts';
import { newId } from '#platform/ids.ts';
import { Button } from '../components/Button.tsx';
import { TextArea } from '../components/Field.tsx';
import { Picture } from '../components/Picture.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Avatar } from './person.tsx';
import { ReportLink } from '../safety/report-link.tsx';
import { ReactionMark } from './reaction-mark.tsx';
import { Words } from './words.tsx';

/** A piece that people talk about, as its page knows it. */
export interface Subject {
  id: string;
  kind: 'board' | 'pin' | 'look' | 'post';
  /** Where its page is: forms come back to it. */
  path: string;
  /** Of an unlisted one: the key of the link that opened it. */
  linkKey?: string | undefined;
  /** Its owner may delete what was said of it. */
  isOwn: boolean;
}

interface Props {
  page: Page;
  subject: Subject;
  comments: readonly Comment[];
  /** The address of older comments, where there are any. */
  older: string | undefined;
}

/** What was said of a piece, and the form to say something; works without script. */
export function Conversation({ page, subject, comments, older }: Props) {
  const threads = comments.filter(({ replyTo }) => replyTo === null);
  const answers = Map.groupBy(comments, ({ replyTo }) => replyTo);
  return (
    <section class="conversation" aria-labelledby="comments-title">
      <talk-here id="comments">
        <h2 id="comments-title" tabIndex={-1}>
          {t('said.title')}
        </h2>
        {page.viewer.kind === 'member' ? (
          <SayForm subject={subject} />
        ) : (
          <p>
            <a href={`/sign-in?next=${encodeURIComponent(subject.path)}`}>{t('said.sign_in')}</a>
          </p>
        )}
        {threads.length === 0 && <p class="soft">{t('said.none')}</p>}
        <ol class="threads">
          {threads.map((head) => (
            <li key={head.id} class="thread">
              <Said page={page} subject={subject} comment={head} />
              <ol class="answers">
                {(answers.get(head.id) ?? []).map((answer) => (
                  <li key={answer.id}>
                    <Said page={page} subject={subject} comment={answer} />
                  </li>
                ))}
              </ol>
              {page.viewer.kind === 'member' && (
                <details class="answer-form">
                  <summary class="text-button">{t('said.answer')}</summary>
                  <SayForm subject={subject} replyTo={head.id} />
                </details>
              )}
            </li>
          ))}
        </ol>
        {older && (
          <p>
            <a href={older}>{t('said.older')}</a>
          </p>
        )}
      </talk-here>
    </section>
  );
}

function SayForm({ subject, replyTo }: { subject: Subject; replyTo?: string }) {
  const id = newId(); // the browser may send it twice
  return (
    <form method="post" action="/said" class="say-form" enctype="multipart/form-data">
      <input type="hidden" name="id" value={id} />
      <Hidden subject={subject} />
      {replyTo && <input type="hidden" name="replyTo" value={replyTo} />}
      <TextArea
        name={replyTo ? `body-${replyTo}` : 'body'}
        label={replyTo ? t('said.answer.label') : t('said.label')}
        hint={replyTo ? undefined : t('said.hint', { max: COMMENT_LENGTH_MAX })}
        rows={replyTo ? 2 : 3}
        required
      />
      <div class="field say-photos">
        <label for={`photos-${id}`}>{t('said.photos')}</label>
        <p class="hint" id={`photos-${id}-hint`}>
          {t('said.photos.hint', { max: COMMENT_PHOTOS_MAX })}
        </p>
        <input
          id={`photos-${id}`}
          type="file"
          name="photos"
          multiple
          accept="image/jpeg,image/png,image/webp,image/avif,image/gif"
          aria-describedby={`photos-${id}-hint`}
        />
      </div>
      <Button look="plain">{replyTo ? t('said.answer.send') : t('said.send')}</Button>
    </form>
  );
}

function Hidden({ subject }: { subject: Subject }) {
  return (
    <>
      <input type="hidden" name="subjectId" value={subject.id} />
      <input type="hidden" name="next" value={subject.path} />
      {subject.linkKey && <input type="hidden" name="key" value={subject.linkKey} />}
    </>
  );
}

function Said({ page, subject, comment }: { page: Page; subject: Subject; comment: Comment }) {
  const { format } = page;
  const { id, author, body, pictures, at, editedAt, isOwn } = comment;
  if (body === null) return <p class="soft said-gone">{t('said.gone')}</p>;
  return (
    <article class="said" id={`said-${id}`}>
      {author && <Avatar person={author} size={36} />}
      <div>
        <header>
          {author ? <a href={`/@${author.handle}`}>{author.name}</a> : <span>{t('said.somebody')}</span>}
          <time datetime={at.toISOString()}>{format.date(at)}</time>
          {editedAt && <span class="soft">{t('said.edited')}</span>}
        </header>
        <Words text={body} people={comment.named} />
        {pictures.length > 0 && (
          <div class="said-pictures">
            {pictures.map((picture) => (
              <Picture key={picture.sha256} picture={picture} sizes="12rem" />
            ))}
          </div>
        )}
        {isOwn && <ChangeForm comment={comment} subject={subject} />}
        {!isOwn && <ReportLink page={page} kind="comment" id={id} linkKey={subject.linkKey} />}
        {(isOwn || subject.isOwn) && (
          <form method="post" action="/said/delete">
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="next" value={subject.path} />
            <button type="submit" class="text-button">
              {t('said.delete')}
            </button>
          </form>
        )}
      </div>
    </article>
  );
}

function ChangeForm({ comment: { id, body }, subject }: { comment: Comment; subject: Subject }) {
  return (
    <details class="answer-form">
      <summary class="text-button">{t('said.change')}</summary>
      <form method="post" action="/said/change" class="say-form">
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="next" value={subject.path} />
        <TextArea name={`edit-${id}`} label={t('said.change.label')} value={body ?? ''} rows={3} required />
        <Button look="plain">{t('said.change.send')}</Button>
      </form>
    </details>
  );
}

/** How many felt what, and the viewer's own: pressed again it is taken back. */
export function ReactionBar({ page, subject, tally }: { page: Page; subject: Subject; tally: Tally }) {
  const isMember = page.viewer.kind === 'member';
  return (
    <talk-here id={`felt-${subject.id}`}>
      <form method="post" action="/felt" class="reactions" aria-label={t('felt.label')}>
        <Hidden subject={subject} />
        {REACTION_KINDS.map((kind) => (
          <button
            key={kind}
            type="submit"
            name="kind"
            value={tally.own === kind ? 'none' : kind}
            class="reaction"
            aria-pressed={tally.own === kind ? 'true' : 'false'}
            disabled={!isMember}
          >
            <ReactionMark kind={kind} />
            <span class="reaction-word">{t(`felt.${kind}`)}</span>
            <span class="figures">{page.format.number(tally[kind])}</span>
          </button>
        ))}
      </form>
      {!subject.isOwn && (
        <ReportLink page={page} kind={subject.kind} id={subject.id} linkKey={subject.linkKey} />
      )}
    </talk-here>
  );
}
