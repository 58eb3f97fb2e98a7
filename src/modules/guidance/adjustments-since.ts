import type { Db } from '#platform/db.ts';
import { type Adjustment, adjustments } from './adjustments.ts';
import type { Finding } from './findings.ts';

const MOST = 20;

/** What was accepted for the market of a finding since it began, or for any where the finding is of all together. */
export const adjustmentsSince = (
  db: Db,
  { region, fromDay }: Pick<Finding, 'region' | 'fromDay'>,
): Promise<Adjustment[]> =>
  adjustments(db, {
    state: 'accepted',
    region: region === '' ? undefined : region,
    decidedFrom: new Date(fromDay),
    limit: MOST,
  });
