import { COMMENT_LENGTH_MAX } from '#modules/social/index.ts';
import { Button } from '../components/Button.tsx';
import { TextArea } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { localPath, type Page } from '../page.ts';

interface Form {
  action: string;
  /** Of the field of the words. */
  name: string;
  words: string;
  fault: string;
  hidden: Record<string, string | readonly string[] | undefined>;
}

/** What was refused, with the words as they were typed: nothing of it is lost. */
export function SaidAgain({ page: about, form }: { page: Page; form: Form }) {
  const { action, name, words, fault, hidden } = form;
  const fields = Object.entries(hidden).flatMap(([key, value]) => [value ?? []].flat().map((v) => [key, v]));
  const next = typeof hidden['next'] === 'string' ? hidden['next'] : undefined;
  return (
    <Layout page={about} title={t('said.again')} index={false}>
      <div class="wrap account">
        <h1>{t('said.again')}</h1>
        <form method="post" action={action} class="say-form">
          {fields.map(([key = '', value = '']) => (
            <input key={`${key} ${value}`} type="hidden" name={key} value={value} />
          ))}
          <TextArea
            name={name}
            label={t('said.label')}
            hint={t('said.hint', { max: COMMENT_LENGTH_MAX })}
            value={words}
            rows={8}
            required
            error={fault}
          />
          <Button>{t('said.send')}</Button>
          <a href={localPath(next)}>{t('said.back')}</a>
        </form>
      </div>
    </Layout>
  );
}
