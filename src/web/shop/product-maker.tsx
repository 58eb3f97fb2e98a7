import type { BrandPage } from '#modules/catalog/index.ts';
import { Picture } from '../components/Picture.tsx';
import { countryName, type Format } from '../format.ts';
import { t } from '../messages.ts';

/** Who makes a product, in their own words, on its page: marked as theirs, for it is neither opinion nor fact. */
export function MakerStory({ maker, format }: { maker: BrandPage; format: Format }) {
  const { slug, name, tagline, story, place, countryCode, foundedYear, picture, productCount } = maker;
  const where = [place, countryCode && countryName(countryCode, format)].filter(Boolean).join(', ');
  const since = foundedYear && t('brand.since', { year: foundedYear });
  return (
    <section class="section maker-story" aria-labelledby="maker">
      <Picture picture={picture} sizes="(min-width: 56rem) 40vw, 92vw" alt="" />
      <div>
        <h2 id="maker">{t('maker.title')}</h2>
        <p class="maker-name">
          <a href={`/b/${slug}`}>{name}</a>
          <span class="soft small">{[where, since].filter(Boolean).join(' · ')}</span>
        </p>
        <p class="lead">{tagline}</p>
        <div class="prose">
          {story.split(/\n\s*\n/).map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
        <p>
          <a href={`/search?f-brand=${slug}`}>{t('maker.all', { count: productCount })}</a>
        </p>
      </div>
    </section>
  );
}
