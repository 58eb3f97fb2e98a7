import type { ProductDetail } from '#modules/catalog/index.ts';
import { Picture, Thumbnail } from '../components/Picture.tsx';
import { t } from '../messages.ts';

const LARGE_SIZES = '(min-width: 82rem) 46rem, (min-width: 56rem) 55vw, 100vw';

/** Pictures side by side in a strip that scrolls and snaps; the small ones below jump to theirs. */
export function Gallery({ pictures, title }: { pictures: ProductDetail['pictures']; title: string }) {
  if (pictures.length === 0) return <Picture picture={null} sizes="" class="gallery-none" />;
  return (
    <picture-gallery class="gallery">
      <ul class="gallery-strip" tabIndex={0} aria-label={t('gallery.label', { title })}>
        {pictures.map((picture, index) => (
          <li key={picture.sha256} id={`picture-${index + 1}`} data-option={picture.optionValue ?? undefined}>
            <Picture picture={picture} sizes={LARGE_SIZES} large eager={index === 0} />
          </li>
        ))}
      </ul>
      {pictures.length > 1 && (
        <ul class="gallery-thumbs">
          {pictures.map((picture, index) => (
            <li key={picture.sha256}>
              <a
                href={`#picture-${index + 1}`}
                aria-label={t('gallery.show', { number: index + 1, alt: picture.alt })}
              >
                <Thumbnail picture={picture} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </picture-gallery>
  );
}
