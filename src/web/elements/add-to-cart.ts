import { post } from './post.ts';

interface Variant {
  price: string;
  before: string;
  /** How it can be had; empty where it can't. */
  words: string;
  values: string;
}

interface Added {
  count: number;
  message: string;
  /** What was added, as whoever collects events is told. */
  added: object;
}

/** Shows price, picture and availability of what is chosen, and puts it into the cart without leaving the page. */
class AddToCart extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form');
    if (!form) return;
    form.addEventListener('change', (event) => {
      if ((event.target as HTMLInputElement).type === 'radio') this.#choose(form);
    });
    form.addEventListener('submit', (event) => {
      if (event.submitter?.getAttribute('name') === 'goOn') return; // on to the checkout
      event.preventDefault();
      void this.#add(form);
    });
  }

  #choose(form: HTMLFormElement) {
    const values = [...form.querySelectorAll<HTMLInputElement>('input[type=radio]:checked')].map(
      ({ value }) => value,
    );
    const variant = variantsIn(this.dataset['variants'] ?? '').find(
      (each) => each.values === values.join('\t'),
    );
    const price = form.querySelector('.price');
    if (variant && price) price.replaceChildren(...priceOf(variant));
    const found = variant?.words ?? '';
    const isAvailable = found !== '';
    const line = form.querySelector('.availability');
    line?.classList.toggle('in', isAvailable);
    line?.classList.toggle('out', !isAvailable);
    const words = line?.querySelector('span');
    if (words) words.textContent = found || (this.dataset['out'] ?? '');
    for (const button of form.querySelectorAll('button')) button.disabled = !isAvailable;
    document.dispatchEvent(new CustomEvent('option', { detail: values }));
  }

  async #add(form: HTMLFormElement) {
    const status = form.querySelector('.buy-status');
    const button = form.querySelector('button');
    if (!status || !button) return;
    button.ariaDisabled = 'true';
    try {
      const { count, message, added } = await post<Added>(form);
      const link = Object.assign(document.createElement('a'), {
        href: '/cart',
        textContent: this.dataset['toCart'],
      });
      status.replaceChildren(`${message} `, link);
      document.dispatchEvent(new CustomEvent('cart', { detail: count }));
      document.dispatchEvent(new CustomEvent('stoa', { detail: ['Product Added', added] }));
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : String(error);
    }
    button.ariaDisabled = null;
  }
}

/** As the form's page writes them: one a line, its parts between tabs. */
const variantsIn = (text: string): Variant[] =>
  text.split('\n').map((line) => {
    const [price = '', before = '', words = '', ...values] = line.split('\t');
    return { price, before, words, values: values.join('\t') };
  });

function priceOf({ price, before }: Variant): Node[] {
  const now = Object.assign(document.createElement('span'), {
    className: before ? 'now lower' : 'now',
    textContent: price,
  });
  return before ? [now, Object.assign(document.createElement('s'), { textContent: before })] : [now];
}

customElements.define('add-to-cart', AddToCart);
