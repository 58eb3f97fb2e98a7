/** Hands the page's own address on: through the device's sheet where it has one, else as a copy for the clipboard. */
class ShareLink extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector('button');
    if (!button || !(navigator.share || navigator.clipboard)) return;
    button.hidden = false;
    button.addEventListener('click', () => void this.#share());
  }

  async #share() {
    const { name = '', facts = '{}', done = '' } = this.dataset;
    const url = document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href ?? location.href;
    let via: string;
    try {
      via = await handOn(url);
    } catch {
      return; // whoever closed the sheet shared nothing
    }
    const told = this.querySelector('output');
    if (told && via === 'link') told.textContent = done;
    const properties = { ...(JSON.parse(facts) as object), share_via: via, url };
    document.dispatchEvent(new CustomEvent('stoa', { detail: [name, properties] }));
  }
}

async function handOn(url: string): Promise<string> {
  if (navigator.share) {
    await navigator.share({ url, title: document.title });
    return 'sheet';
  }
  await navigator.clipboard.writeText(url);
  return 'link';
}

customElements.define('share-link', ShareLink);
