import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

type Look = 'primary' | 'plain' | 'danger';

interface ButtonProps extends ButtonHTMLAttributes {
  look?: Look;
}

/** `primary` is the one action on a screen. */
export function Button({ look = 'primary', class: more, type = 'submit', ...rest }: ButtonProps) {
  return <button {...rest} type={type} class={classes(look, more)} />;
}

interface LinkProps {
  href: string;
  look?: Look;
  class?: string;
  children: ComponentChildren;
}

export function ButtonLink({ look = 'primary', class: more, ...rest }: LinkProps) {
  return <a {...rest} class={classes(look, more)} />;
}

const classes = (look: Look, more: unknown) => `button ${look}${typeof more === 'string' ? ` ${more}` : ''}`;
