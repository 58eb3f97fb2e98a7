import { isScan } from '#read/scanned-variant.ts';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { Text } from '../page.ts';

/** As much as a scanner gone mad may send and still be answered on its page. */
export const Scanned = Text(12_000);

/** What was scanned or typed; undefined for nothing. A fault is told on the page, in words. */
export function scanIn(typed: string): { text: string } | { fault: string } | undefined {
  const text = typed.trim();
  if (!text) return undefined;
  return isScan(text) ? { text } : { fault: t('till.scan.rubbish') };
}

interface Props {
  name: string;
  label: string;
  hint?: string;
  value?: string | undefined;
  error?: string | undefined;
  /** Something else on the page comes next. */
  autofocus?: boolean;
}

/** The field that a scanner types into: it has the focus as soon as its page opens, and Enter sends it. */
export function ScanField({ value, autofocus = true, ...about }: Props) {
  const shown = value !== undefined && isScan(value) ? value : undefined;
  return <Field {...about} value={shown} input={{ autocomplete: 'off', autofocus, maxlength: 200 }} />;
}
