import type { Letter } from '#modules/satisfaction/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

interface Props {
  letters: readonly Letter[];
  /** Where they write; undefined for who did not buy it. */
  path: string | undefined;
  format: Format;
  timeZone: string;
}

/** What a buyer wrote about an order and what was answered, and the way to write. */
export function OrderLetters({ letters, path, format, timeZone }: Props) {
  if (path === undefined) return null;
  return (
    <section class="order-part" aria-labelledby="letters">
      <h2 id="letters">{t('contact.order')}</h2>
      {letters.map(({ id, matter, words, writtenAt, replies, isSettled }) => (
        <article key={id} class="letter">
          <p class="soft small">
            {t('contact.wrote', {
              matter: t(`desk.order.matter.${matter}`),
              time: format.dateTime(writtenAt, timeZone),
            })}
          </p>
          <p class="letter-words">{words}</p>
          {replies.map((reply) => (
            <div key={reply.id} class="letter-reply">
              <p class="soft small">
                {t('contact.answered', { time: format.dateTime(reply.repliedAt, timeZone) })}
              </p>
              <p class="letter-words">{reply.words}</p>
            </div>
          ))}
          {replies.length === 0 && !isSettled && <p class="soft">{t('contact.waits')}</p>}
        </article>
      ))}
      <p>
        <a href={path}>{t(letters.length === 0 ? 'contact.ask' : 'contact.ask.again')}</a>
      </p>
    </section>
  );
}
