import type { PinCard } from '#read/board-page.ts';
import { Picture } from '../components/Picture.tsx';
import { Price } from '../components/Price.tsx';
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
            <a class="pin-save" href={`/save?pin=${pin.id}`}>
              {t('boards.save')}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

function PinView({
  pin: { id, card, picture, note, kind, from },
  format,
  beside,
  eager,
}: Omit<Props, 'pins' | 'isMember'> & { pin: PinCard; eager: boolean }) {
  return (
    <article>
      <a href={card ? `/p/${card.slug}` : `/pins/${id}`} class="pin-picture">
        <Picture picture={picture} sizes={SIZES} {...(card && { alt: '' })} eager={eager} />
        {card && <strong>{card.title}</strong>}
      </a>
      {kind === 'product' && !card && <p class="soft small">{t('boards.pin.gone')}</p>}
      {card && (
        <p class="pin-price">
          <Price price={card.price} format={format} beside={beside} />
        </p>
      )}
      {note && <p class="pin-note">{note}</p>}
      {from && (
        <p class="soft small">
          <a href={`/boards/${from.boardId}`}>
            {t('boards.pin.from', { name: from.owner, board: from.name })}
          </a>
        </p>
      )}
    </article>
  );
}
