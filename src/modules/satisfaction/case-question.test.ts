import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aMailedToken } from './factory.ts';
import { noteContact, settleContact } from './contacts.ts';
import { eraseSatisfaction } from './erase.ts';
import { mailQuestion, stopQuestions } from './mail-question.ts';
import { answerQuestion } from './answers.ts';
import { isDrawn } from './questions.ts';
import { questionId } from './occasions.ts';

/** A case whose question the lot draws, whatever the share. */
function aDrawnCase(): string {
  for (;;) {
    const id = randomUUID();
    if (isDrawn(questionId('case', id), 1)) return id;
  }
}

const outcomeOf = async (db: Db, question: string) => {
  const { rows } = await sql<{ outcome: string }>`
    select outcome::text from satisfaction.asked where question_id = ${question}`.execute(db);
  return rows.map(({ outcome }) => outcome);
};

test('who wrote about no order is asked once, when their case is settled, at the address they wrote from', async ({
  app,
  db,
  deps,
  outbox,
}) => {
  const email = `${randomUUID()}@example.com`;
  const write = async (id: string) => {
    const answer = await app.inject({
      method: 'PUT',
      url: `/v1/satisfaction/letters/${id}`,
      headers: { 'sec-fetch-site': 'same-origin' },
      payload: { matter: 'other', words: 'Do you repair?', email },
    });
    expect(answer.json()).toMatchObject({ id });
  };
  const settle = (id: string) => inTransaction(db, (tx) => settleContact(tx, 'system', id, deps.now()));
  const [first, second, noted] = [aDrawnCase(), aDrawnCase(), aDrawnCase()];
  await write(first);
  await settle(first);
  await settle(first);
  const question = questionId('case', first);
  const mails = () => outbox.filter(({ to }) => to === email);
  await Promise.all([
    mailQuestion(deps, { questionId: question }),
    mailQuestion(deps, { questionId: question }),
  ]);
  await mailQuestion(deps, { questionId: question });
  expect(mails()).toHaveLength(1);
  expect(mails()[0]?.text).toContain('Hello, you wrote to us. One question, and one click:');
  const token = aMailedToken(deps, question);
  expect(mails()[0]?.text).toContain(`${deps.config.publicUrl}/opinion/${token}?score=5`);
  expect((await app.inject(`/opinion/${token}?score=5`)).statusCode).toBe(200);

  // Within the days of rest another case asks nothing.
  await write(second);
  await settle(second);
  await mailQuestion(deps, { questionId: questionId('case', second) });
  expect(await outcomeOf(db, questionId('case', second))).toEqual(['resting']);

  // Staff noted a call: nobody knows an address.
  const call = { id: noted, orderId: null, matter: 'other', touchpoint: 'service', isSettled: true } as const;
  await inTransaction(db, (tx) => noteContact(tx, 'system', call, deps.now()));
  await mailQuestion(deps, { questionId: questionId('case', noted) });
  expect(await outcomeOf(db, questionId('case', noted))).toEqual(['no_address']);
  expect(mails()).toHaveLength(1);

  // The link of the mail ends such mails for the address.
  expect(await stopQuestions(deps, token)).toBe(true);
  await sql`delete from satisfaction.rest`.execute(db);
  const third = aDrawnCase();
  await write(third);
  await settle(third);
  await mailQuestion(deps, { questionId: questionId('case', third) });
  expect(await outcomeOf(db, questionId('case', third))).toEqual(['switched_off']);

  // What they said of it goes with their letter, by the address alone.
  await answerQuestion(deps, token, { id: randomUUID(), score: 5, words: 'Thank you' });
  const remarks = async () => {
    const { rows } = await sql<{ words: string }>`
      select words from satisfaction.remark join satisfaction.answer on answer.id = answer_id
      where question_id = ${question}`.execute(db);
    return rows.map(({ words }) => words);
  };
  expect(await remarks()).toEqual(['Thank you']);
  await inTransaction(db, (tx) => eraseSatisfaction(tx, { email: email.toUpperCase() }));
  expect(await remarks()).toEqual([]);
  const { rows: letters } = await sql`select from satisfaction.letter where email = ${email}`.execute(db);
  expect(letters).toEqual([]);
});
