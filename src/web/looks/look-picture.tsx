import type { LookPage } from '#read/look-page.ts';
import { Picture } from '../components/Picture.tsx';
import { t } from '../messages.ts';

const share = (units: number, whole: number) => `${Math.round((units / whole) * 1000) / 10}%`;

/** A look as one picture, with a point on each product that leads to it in the list below. */
export function LookPicture({ look }: { look: LookPage }) {
  const { picture, items, products, title } = look;
  return (
    <figure class="look-figure">
      {picture ? (
        <Picture picture={picture} sizes="(min-width: 56rem) 40rem, 94vw" alt={altOf(look)} large eager />
      ) : (
        <Composition look={look} />
      )}
      <ul class="look-points" aria-label={t('looks.points', { title })}>
        {items.map((item) => {
          const product = products.get(item.productId);
          const isWithin = item.x >= 0 && item.x <= 1000 && item.y >= 0 && item.y <= 1250;
          return (
            product &&
            isWithin && (
              <li key={item.place} style={{ left: share(item.x, 1000), top: share(item.y, 1250) }}>
                <a href={`#item-${item.place}`} title={product.title}>
                  <span class="visually-hidden">{product.title}</span>
                </a>
              </li>
            )
          );
        })}
      </ul>
    </figure>
  );
}

const altOf = ({ title, items, products }: LookPage) =>
  t('looks.alt', {
    title,
    things: [...new Set(items.flatMap(({ productId }) => products.get(productId)?.title ?? []))].join(', '),
  });

/** The same from its parts, for the moments until it is drawn. */
function Composition({ look }: { look: LookPage }) {
  const parts = [...look.items, ...look.wordings].toSorted((a, b) => a.place - b.place);
  return (
    <svg class="look-composition" viewBox="0 0 1000 1250" role="img" aria-label={altOf(look)}>
      <rect width="1000" height="1250" fill={look.ground} />
      {look.scene && (
        <image
          href={`/media/${look.scene.sha256}/${look.scene.files[0] ?? ''}`}
          width="1000"
          height="1250"
          preserveAspectRatio="xMidYMid slice"
        />
      )}
      {parts.map((part) =>
        'words' in part ? (
          <text
            key={part.place}
            transform={`translate(${part.x} ${part.y}) rotate(${part.turn})`}
            font-size={part.size}
            fill={part.colour}
            text-anchor="middle"
            dominant-baseline="central"
          >
            {part.words}
          </text>
        ) : (
          part.src &&
          part.shape !== 'hotspot' && (
            <image
              key={part.place}
              href={part.src}
              x={-part.width / 2}
              y={(-part.width * part.ratio) / 2}
              width={part.width}
              height={part.width * part.ratio}
              transform={`translate(${part.x} ${part.y}) rotate(${part.turn})`}
            />
          )
        ),
      )}
    </svg>
  );
}
