import { t } from '../messages.ts';

/** Shown only where the browser can share or copy: elsewhere the address stands in its own bar. */
export const ShareLink = ({ name, facts }: { name: string; facts: object }) => (
  <share-link data-name={name} data-facts={JSON.stringify(facts)} data-done={t('share.copied')}>
    <button type="button" class="text-button" hidden>
      {t('share.act')}
    </button>{' '}
    <output class="soft small" />
  </share-link>
);
