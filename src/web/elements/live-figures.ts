const QUIET_MS = 1_000;

/** Fetches its page again when the desk says that figures have changed, and takes over what is inside itself. */
class LiveFigures extends HTMLElement {
  #source: EventSource | undefined;
  #isBusy = false;
  #isStale = false;
  #held: string | undefined;

  connectedCallback() {
    this.#source = new EventSource(`/desk/live?since=${encodeURIComponent(this.dataset['since'] ?? '')}`);
    this.#source.addEventListener('changed', () => void this.#refresh());
    // What came while somebody read a definition or moved by keyboard is taken over when they are done.
    const again = () => setTimeout(() => this.#held && this.#takeOver(this.#held));
    this.addEventListener('focusout', again);
    this.addEventListener('toggle', again, { capture: true });
  }

  disconnectedCallback() {
    this.#source?.close();
  }

  async #refresh() {
    if (this.#isBusy) {
      this.#isStale = true;
      return;
    }
    this.#isBusy = true;
    try {
      do {
        this.#isStale = false;
        const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
        if (answer.ok) this.#takeOver(await answer.text());
        // Many orders a second are one change for the eye.
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      } while (this.#isStale);
    } catch {
      // Out of reach for now: what is shown stays, and the next change tries again.
    } finally {
      this.#isBusy = false;
    }
  }

  #takeOver(html: string) {
    this.#held = html;
    const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById(this.id);
    // Who reads a definition or moves by keyboard is not torn away from it.
    if (!fresh || this.querySelector('details[open]') || this.contains(document.activeElement)) return;
    this.#held = undefined;
    const frames = [...this.querySelectorAll('.table-frame')].map(({ scrollTop, scrollLeft }) => [
      scrollTop,
      scrollLeft,
    ]);
    this.replaceChildren(...fresh.childNodes);
    this.querySelectorAll('.table-frame').forEach((frame, index) =>
      frame.scrollTo(frames[index]?.[1] ?? 0, frames[index]?.[0] ?? 0),
    );
  }
}

customElements.define('live-figures', LiveFigures);
