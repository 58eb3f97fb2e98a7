import type { Picture as StoredPicture } from '#modules/catalog/index.ts';

/** Without its size where the place it fills has one. */
type Shown = Omit<StoredPicture, 'width' | 'height'> & Partial<Pick<StoredPicture, 'width' | 'height'>>;

interface Props {
  picture: Shown | null;
  /** How wide it is shown, as the `sizes` of an image: the browser chooses the file by it. */
  sizes: string;
  /** Without it the picture's own description; '' where a text beside it says the same. */
  alt?: string;
  /** Fills most of a wide screen, which gets the source while the large rendition is still being made. */
  large?: boolean;
  /** In the first screen: fetched at once. */
  eager?: boolean;
  class?: string;
  id?: string;
}

/** A stored picture in the widths that exist, in its own colour until it has come. */
export function Picture({ picture, sizes, alt, large = false, eager = false, class: more, id }: Props) {
  const look = `picture${more ? ` ${more}` : ''}`;
  if (!picture) return <span class={`${look} no-picture`} id={id} />;
  const { sha256, files, width, height, colour } = picture;
  const hasAvif = files.some((file) => file.endsWith('.avif'));
  const source = files.some((file) => file.startsWith('960.'))
    ? undefined
    : files.find((file) => file.startsWith('source.'));
  const fallback = widest(files, 'webp', 480) ?? widest(files, 'jpg', 960) ?? files[0];
  return (
    <picture class={look} id={id} style={colour ? { backgroundColor: colour } : undefined}>
      {large && source && <source media="(min-width: 56rem)" srcset={`/media/${sha256}/${source}`} />}
      {hasAvif && <source type="image/avif" srcset={srcset(sha256, files, 'avif')} sizes={sizes} />}
      <img
        src={`/media/${sha256}/${fallback ?? ''}`}
        {...(!hasAvif && { srcset: srcset(sha256, files, 'webp'), sizes })}
        alt={alt ?? picture.alt}
        width={width}
        height={height}
        loading={eager ? undefined : 'lazy'}
        fetchpriority={eager ? 'high' : undefined}
        decoding={eager ? undefined : 'async'}
      />
    </picture>
  );
}

/** The smallest file alone: where a picture is a few fingers wide, a choice of files costs more than it saves. */
export function Thumbnail({ picture: { sha256, files, colour } }: { picture: Shown }) {
  const file = smallestFile({ files });
  return (
    <span class="picture" style={colour ? { backgroundColor: colour } : undefined}>
      <img src={`/media/${sha256}/${file}`} alt="" width={48} height={60} loading="lazy" decoding="async" />
    </span>
  );
}

export const smallestFile = ({ files }: Pick<Shown, 'files'>) =>
  widest(files, 'webp', 240) ?? widest(files, 'webp', 480) ?? files[0] ?? '';

const srcset = (sha256: string, files: readonly string[], format: string) =>
  widthsOf(files, format)
    .map((width) => `/media/${sha256}/${width}.${format} ${width}w`)
    .join(', ');

const widthsOf = (files: readonly string[], format: string) =>
  files
    .filter((file) => file.endsWith(`.${format}`))
    .map((file) => Number.parseInt(file, 10))
    .filter((width) => width > 0)
    .sort((a, b) => a - b);

function widest(files: readonly string[], format: string, atMost: number): string | undefined {
  const width = widthsOf(files, format).findLast((each) => each <= atMost);
  return width === undefined ? undefined : `${width}.${format}`;
}

/** One file of it for other sites, which may not know AVIF: where the page is shared, in search results. */
export function sharedPicture(picture: StoredPicture | null) {
  if (!picture) return undefined;
  const { sha256, files, width, height, alt } = picture;
  const file = widest(files, 'jpg', 1200) ?? files.find((each) => /\.(jpe?g|png)$/.test(each)) ?? files[0];
  if (!file) return undefined;
  const shownWidth = Number.parseInt(file, 10) || width;
  return {
    src: `/media/${sha256}/${file}`,
    width: shownWidth,
    height: Math.round((height * shownWidth) / width),
    alt,
  };
}
