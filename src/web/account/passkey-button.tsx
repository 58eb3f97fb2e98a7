import { Button } from '../components/Button.tsx';
import { t } from '../messages.ts';

/** Hidden until the browser's part says that this browser knows passkeys. */
export function PasskeySignIn({ next }: { next: string }) {
  return (
    <passkey-button
      class="passkey"
      data-ceremony="authentication"
      data-next={next}
      data-failed={t('account.passkeys.failed')}
      hidden
    >
      <Button type="button" look="plain" class="wide">
        {t('account.sign_in.passkey')}
      </Button>
      <p class="field-error" role="alert" />
    </passkey-button>
  );
}

export function PasskeyAdd() {
  return (
    <passkey-button
      class="passkey"
      data-ceremony="registration"
      data-next="/account"
      data-failed={t('account.passkeys.failed')}
      hidden
    >
      <Button type="button" look="plain">
        {t('account.passkeys.add')}
      </Button>
      <p class="field-error" role="alert" />
    </passkey-button>
  );
}
