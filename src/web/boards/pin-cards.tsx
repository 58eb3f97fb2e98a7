import type { PinCard, PinnedLink } from '#read/board-page.ts';
import { Picture } from '../components/Picture.tsx';
import { Price } from '../components/Price.tsx';
import { ProductFace } from '../components/ProductFace.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

const SIZES = '(min-width: 82rem) 19rem, (min-width: 44rem) 30vw, 46vw';
const EAGER = 4;

interface Props {
  pins: readonly PinCard[];
  format: Format;
  beside: string | undefined;
  isMember: boolean;
}

/** What is on a board, in columns; a page that is loaded later is a list of its own, so that nothing moves. */
export function PinCards({ pins, format, beside, isMember }: Props) {
  return (
    <ul class="pins">
      {pins.map((pin, place) => (
        <li key={pin.id} class="pin" id={`pin-${pin.id}`}>
          <PinView pin={pin} format={format} beside={beside} eager={place < EAGER} />
          {isMember && pin.kind !== 'photo' && (
            <a
              class="pin-save"
              href={`/save?pin=${pin.id}`}
              aria-label={t('boards.save.of', { name: titleOf(pin) })}
            >
              {t('boards.save')}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

function PinView({
  pin,
  format,
  beside,
  eager,
}: Omit<Props, 'pins' | 'isMember'> & { pin: PinCard; eager: boolean }) {
  const { id, card, picture, note, from, link } = pin;
  const title = titleOf(pin);
  return (
    <article>
      {card ? (
        <ProductFace card={card} format={format} beside={beside} eager={eager} />
      ) : (
        <a href={`/pins/${id}`} class="pin-picture">
          {link && !picture ? (
            <LinkGround link={link} />
          ) : (
            <Picture picture={picture} sizes={SIZES} {...(title && { alt: '' })} eager={eager} />
          )}
          {title && <strong>{title}</strong>}
        </a>
      )}
      {link && <LinkLine link={link} />}
      <Instead pin={pin} format={format} beside={beside} />
      {note && <p class="pin-note">{note}</p>}
      {from && (
        <p class="soft small">
          <a href={`/boards/${from.boardId}`}>
            {t('boards.pin.from', { name: from.owner, board: from.name })}
          </a>
        </p>
      )}
      <SuggestedBy pin={pin} />
    </article>
  );
}

/** What a pin is called: by what it shows, since its note is its maker's. */
export function titleOf({ card, link, piece, kind }: PinCard): string {
  if (card) return card.title;
  if (link) return link.title || hostOf(link.url);
  if (kind !== 'piece') return '';
  if (!piece) return t('boards.pin.unseen');
  return piece.title || t(piece.kind === 'look' ? 'boards.pin.look' : 'boards.pin.post');
}

const hostOf = (url: string) => new URL(url).host.replace(/^www\./, '');

/** In place of a picture: where it leads, large. */
function LinkGround({ link: { url, state } }: { link: PinnedLink }) {
  return (
    <span class="pin-ground">
      <span>{hostOf(url)}</span>
      {state === 'waiting' && <small>{t('boards.link.waiting')}</small>}
    </span>
  );
}

/** Of a page outside: who says it, and where. */
export function LinkLine({ link: { author, site, url } }: { link: PinnedLink }) {
  return (
    <p class="soft small pin-link">
      {author && `${t('boards.link.by', { name: author })} · `}
      <a href={url} rel="nofollow ugc noopener">
        {site || hostOf(url)}
      </a>
    </p>
  );
}

/** Of a product that is gone: that it is, and what is most like it. */
export function Instead({
  pin: { kind, card, alternative },
  format,
  beside,
}: Pick<Props, 'format' | 'beside'> & { pin: PinCard }) {
  if (kind !== 'product' || card) return null;
  return (
    <>
      <p class="soft small">{t('boards.pin.gone')}</p>
      {alternative && (
        <a class="pin-instead" href={`/p/${alternative.slug}`}>
          <Picture picture={alternative.picture} sizes="5rem" alt="" />
          <span>
            <small>{t('boards.pin.instead')}</small>
            <strong>{alternative.title}</strong>
            <Price price={alternative.price} format={format} beside={beside} />
          </span>
        </a>
      )}
    </>
  );
}

export function SuggestedBy({ pin: { suggestedBy } }: { pin: PinCard }) {
  if (!suggestedBy) return null;
  return (
    <p class="soft small">
      {t('boards.pin.suggested_by')} <a href={`/@${suggestedBy.handle}`}>{suggestedBy.name}</a>
    </p>
  );
}
