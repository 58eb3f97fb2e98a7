import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { type TSchema, Type } from 'typebox';
import type { Trial } from '#modules/experiments/index.ts';
import type { LegalKind } from '#modules/safety/index.ts';
import type { Access, Viewer } from '#platform/access.ts';
import type { Config } from '#platform/config.ts';
import type { Assets } from './assets.ts';
import type { Format } from './format.ts';
import type { PlainKey } from './messages.ts';

export type Theme = 'light' | 'dark';

export interface NavigationEntry {
  name: string;
  slug: string;
}

/** What a visitor sees prices in. */
export interface ShownCurrency {
  code: string;
  /** The same, unless it is the marketplace's own. */
  beside: string | undefined;
  /** By what prices are asked for: that currency, and where the visitor is as far as they told. */
  prices: { currency: string | undefined; markets: readonly string[] };
  /** What may be chosen, the marketplace's own first. */
  offered: readonly string[];
}

/** `ask`: nobody has answered in this browser. `off`: somebody said no, or the browser does for them. */
export interface Collecting {
  state: 'ask' | 'on' | 'off';
  key: string;
}

/** What every page knows about the request it answers. */
export interface Page {
  viewer: Viewer;
  format: Format;
  theme: Theme | undefined;
  currency: ShownCurrency;
  /** The address without the host: "/c/vases?colour=sage". */
  path: string;
  /** What the retailer calls the shop. */
  shop: string;
  /** "https://shop.example": for canonical addresses and what is shared. */
  origin: string;
  cartCount: number;
  /** How many notices the viewer has not seen. */
  unseenCount: number;
  /** Said once, after a form was done and the browser was sent on. */
  notice: PlainKey | undefined;
  navigation: readonly NavigationEntry[];
  /** What the shop says about itself, of which there is a text. */
  legal: readonly LegalKind[];
  assets: Assets;
  /** Whether the visitor's doings are collected, and whether they are to be asked. */
  collecting: Collecting;
  /** What was tried on the page. */
  trials: Trial[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Origins that a form of this page may end at, beside our own. */
    formsTo?: readonly string[];
    /** This page may look through the camera, and read what it sees. */
    usesCamera?: boolean;
    /** Origins, beside our own, that pictures of this page come from: the tiles of a map. */
    imagesFrom?: readonly string[];
    /** Whoever has the address may post to it from anywhere: it does what its signature is for, and asks no cookie. */
    takesOneClick?: boolean;
    /** Sites, as a policy names them, that may show this page in a frame; it runs no script then. */
    framedBy?: string;
    /** In place of the usual policy, for a page made by somebody else's code. */
    contentSecurityPolicy?: string;
  }
  interface FastifyReply {
    /** Renders a page: `return reply.page((page) => <Layout page={page} …>…</Layout>)`. */
    page(view: (page: Page) => VNode): Promise<Buffer>;
    /** What the page knows about the request, for what is made of it before. */
    describe(): Promise<Page>;
    about: Promise<Page> | null;
    /**
     * The page as a guest was shown it some seconds ago at the most, if its stamp is still the same; otherwise nothing, and
     * what `page` makes then is kept. `stamp` names what it is made of and refuses what may not be seen: that is asked always.
     */
    kept(stamp: () => Promise<string>): Promise<Buffer | undefined>;
    keep: ((bytes: Buffer) => void) | null;
    /** The same for parts of a page, under a name: texts that `make` makes for everybody else anew. */
    keptParts(name: string, stamp: string, make: (page: Page) => Promise<string[]>): Promise<string[]>;
  }
}

interface Parts {
  params?: TSchema;
  querystring?: TSchema;
  body?: TSchema;
}

const HTML = { description: 'A page', content: { 'text/html': { schema: Type.String() } } };

/** The options of a page's route: who may see it and what comes in. Pages are left out of the API's description. */
export function page<const In extends Parts>(
  access: Access,
  parts?: In,
  more: {
    formsTo?: readonly string[];
    imagesFrom?: readonly string[];
    usesCamera?: boolean;
    framedBy?: string;
  } = {},
) {
  const response: unknown = { '2xx': HTML, '4xx': HTML };
  const schema = { hide: true, response, ...parts } as In & { hide: true; response: unknown };
  return { config: { access, ...more }, schema };
}

/** A field of a form: always text, so that what was typed can be shown again beside what is wrong with it. */
export const Text = (maxLength: number) => Type.String({ maxLength, default: '' });

/** True for a browser that wants a page, false for code that wants JSON. */
export const wantsHtml = ({ headers }: FastifyRequest) => headers.accept?.includes('text/html') ?? false;

/** Under which address the shop is known: the configured one, else the one that it was asked for at. */
export const originOf = (
  { isPublicUrlGiven, publicUrl }: Pick<Config, 'isPublicUrlGiven' | 'publicUrl'>,
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
) => (isPublicUrlGiven ? new URL(publicUrl).origin : `${protocol}://${host}`);

/** A path of ours from what came in ("next" in a form), or `fallback`: never another site. */
export function localPath(path: string | undefined, fallback = '/'): string {
  return path && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : fallback;
}

/** Sends the browser on after a form was done. The notice is shown once, on the page it comes to. */
export function sendOn(reply: FastifyReply, path: string, notice?: PlainKey): FastifyReply {
  if (notice)
    reply.setCookie(NOTICE_COOKIE, notice, { path: '/', maxAge: 60, httpOnly: true, sameSite: 'lax' });
  return reply.redirect(path, 303);
}

export const NOTICE_COOKIE = 'stoa_notice';
export const THEME_COOKIE = 'stoa_theme';
