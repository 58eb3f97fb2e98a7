import { type Db, inTransaction } from '#platform/db.ts';
import { addArea } from './areas.ts';

/** `NL-west`, the postcodes from 26 on, and in it `NL-west-delft`, those from 2611 on. */
export const aWestWithDelft = (db: Db): Promise<void> =>
  inTransaction(db, async (tx) => {
    const area = (code: string, parentCode: string, postcodes: string[]) =>
      addArea(tx, { code, parentCode, name: code, plan: { by: 'postcodes', postcodes } });
    await area('NL-west', 'NL', ['26']);
    await area('NL-west-delft', 'NL-west', ['2611']);
  });
