/**
 * Sends the forms of a conversation, or a reaction, without leaving the page: their answer is the page itself, of which this
 * part takes the place of what is shown. What is refused is said beside the form, whose words stay as they were typed.
 */
class TalkHere extends HTMLElement {
  connectedCallback() {
    this.addEventListener('submit', (event) => {
      if (!(event.target instanceof HTMLFormElement)) return;
      event.preventDefault();
      void this.#send(event.target, event.submitter);
    });
  }

  async #send(form: HTMLFormElement, submitter: HTMLElement | null) {
    if (form.ariaBusy === 'true') return;
    form.ariaBusy = 'true';
    try {
      const fields = new FormData(form, submitter);
      const isPlain = form.enctype !== 'multipart/form-data';
      const body = isPlain ? new URLSearchParams(fields as unknown as Record<string, string>) : fields;
      const answer = await fetch(form.action, { method: 'post', body, headers: { accept: 'text/html' } });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const id = fields.get('id');
      if (answer.ok) this.#takeOver(fresh, typeof id === 'string' ? id : '', submitter);
      else this.#refuse(form, fresh.querySelector('.field-error, main h1')?.textContent ?? '');
    } catch {
      form.submit(); // the browser says what is wrong with the connection
    } finally {
      form.ariaBusy = null;
    }
  }

  #takeOver(fresh: Document, id: string, submitter: HTMLElement | null) {
    const part = fresh.getElementById(this.id);
    if (!part) return location.reload();
    const name = submitter?.getAttribute('name');
    const place = [...this.querySelectorAll('button')].indexOf(submitter as HTMLButtonElement);
    this.replaceChildren(...part.childNodes);
    const said = document.getElementById(`said-${id}`);
    if (said) {
      said.tabIndex = -1;
      said.focus();
    } else if (name) this.querySelectorAll('button')[place]?.focus();
    else this.querySelector<HTMLElement>('h2')?.focus();
  }

  #refuse(form: HTMLFormElement, reason: string) {
    const status = form.querySelector('[role=alert]') ?? document.createElement('p');
    status.role = 'alert';
    status.className = 'field-error';
    status.textContent = reason;
    form.append(status);
  }
}

customElements.define('talk-here', TalkHere);
