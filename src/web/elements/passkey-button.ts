const ROUTES = '/v1/identity/auth/passkey';

/**
 * Signs in with a passkey, or adds one: asks the server for a challenge, the device for its signature, and sends
 * it back. Shows itself only where the browser can do that.
 */
class PasskeyButton extends HTMLElement {
  connectedCallback() {
    // Both ends of the ceremony speak JSON in browsers of 2024 and later; older ones keep the password.
    if (!('PublicKeyCredential' in window) || !('parseRequestOptionsFromJSON' in PublicKeyCredential)) return;
    this.hidden = false;
    const button = this.querySelector('button');
    button?.addEventListener('click', () => {
      button.disabled = true;
      this.say('');
      this.run()
        .then(() => location.assign(this.dataset['next'] ?? '/'))
        .catch((error: unknown) => {
          button.disabled = false;
          // Whoever closes the device's dialog has changed their mind: nothing is wrong.
          if (!(error instanceof DOMException && error.name === 'NotAllowedError'))
            this.say(this.dataset['failed'] ?? '');
        });
    });
  }

  private async run(): Promise<void> {
    if (this.dataset['ceremony'] === 'registration') {
      const options = await answerOf(fetch(`${ROUTES}/generate-register-options`));
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
        options as PublicKeyCredentialCreationOptionsJSON,
      );
      return send('verify-registration', await navigator.credentials.create({ publicKey }), deviceName());
    }
    const options = await answerOf(fetch(`${ROUTES}/generate-authenticate-options`));
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
      options as PublicKeyCredentialRequestOptionsJSON,
    );
    return send('verify-authentication', await navigator.credentials.get({ publicKey }));
  }

  private say(text: string): void {
    const place = this.querySelector('[role="alert"]');
    if (place) place.textContent = text;
  }
}

async function send(route: string, credential: Credential | null, name?: string): Promise<void> {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no credential');
  await answerOf(
    fetch(`${ROUTES}/${route}`, {
      method: 'post',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response: credential.toJSON(), ...(name && { name }) }),
    }),
  );
}

async function answerOf(asked: Promise<Response>): Promise<unknown> {
  const response = await asked;
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

/** What the list of passkeys calls this one: "Mac", "Android". */
function deviceName(): string {
  const known = /Windows|Android|iPhone|iPad|Mac|Linux/.exec(navigator.userAgent);
  return known?.[0] ?? '';
}

customElements.define('passkey-button', PasskeyButton);
