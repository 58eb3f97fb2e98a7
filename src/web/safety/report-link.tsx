import { t } from '../messages.ts';
import type { Page } from '../page.ts';

export const REPORTED_KINDS = [
  'board',
  'pin',
  'look',
  'post',
  'review',
  'question',
  'answer',
  'comment',
  'suggestion',
  'profile',
] as const;
type ReportedKind = (typeof REPORTED_KINDS)[number];

interface Props {
  page: Page;
  kind: ReportedKind | undefined;
  /** The piece's id, or the member's. */
  id: string;
  linkKey?: string | undefined;
}

/** Leads to the form by which moderators are told of a thing. A guest is sent to the door first. */
export function ReportLink({ page: { path }, kind, id, linkKey }: Props) {
  const asked = new URLSearchParams({ next: path, ...(linkKey && { key: linkKey }) });
  const at = kind === 'profile' ? 'person' : 'piece';
  return (
    <a
      class="text-button report-link"
      href={`/report/${at}/${id}?${asked}`}
      rel="nofollow"
      aria-label={kind && t('report.link.of', { what: t(`report.kind.${kind}`) })}
    >
      {t('report.link')}
    </a>
  );
}
