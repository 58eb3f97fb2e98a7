import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { confirmAddress, requestReset, resetPassword, signIn, signUp } from '../accounts.ts';
import { identityErrors } from '../errors.ts';

const Email = Type.String({ minLength: 3, maxLength: 254 });
const Password = Type.String({ minLength: 1, maxLength: 1000 });
const Token = Type.String({ minLength: 1, maxLength: 4000 });
const Done = Type.Object({ done: Type.Literal(true) });

const { email_invalid, link_spent, password_length, sign_in_refused, too_many_attempts } = identityErrors;

/** What a browser without an account may ask. Each answers alike, whether or not the address has an account. */
export const accountRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.post(
    '/sign-up',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signUp',
        summary: 'Makes an account, which waits until its address is confirmed by the mail sent to it',
        tags: ['identity'],
        body: exactly({
          name: Type.String({ minLength: 1, maxLength: 120 }),
          email: Email,
          password: Password,
        }),
        response: { 202: Done, ...problems(email_invalid, password_length, too_many_attempts) },
      },
    },
    async (request, reply) => {
      await signUp(deps, request, request.body);
      return reply.code(202).send({ done: true });
    },
  );

  app.post(
    '/sign-in',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signIn',
        summary: 'Signs in with e-mail and password; the session is a cookie',
        tags: ['identity'],
        body: exactly({ email: Email, password: Password }),
        response: { 200: Done, ...problems(sign_in_refused, too_many_attempts) },
      },
    },
    async (request, reply) => {
      const cookies = await signIn(deps, request, request.body);
      return reply.header('set-cookie', cookies).send({ done: true });
    },
  );

  app.post(
    '/confirmations',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'confirmAddress',
        summary: 'Confirms an address by the token from its mail, and signs its owner in',
        tags: ['identity'],
        body: exactly({ token: Token }),
        response: { 200: Done, ...problems(link_spent, too_many_attempts) },
      },
    },
    async (request, reply) => {
      const cookies = await confirmAddress(deps, request, request.body.token);
      return reply.header('set-cookie', cookies).send({ done: true });
    },
  );

  await app.register(passwordRoutes, deps);
};

const passwordRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.post(
    '/password-resets',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'requestPasswordReset',
        summary: 'Mails a link to set a new password, if the address has an account',
        tags: ['identity'],
        body: exactly({ email: Email }),
        response: { 202: Done, ...problems(email_invalid, too_many_attempts) },
      },
    },
    async (request, reply) => {
      await requestReset(deps, request, request.body.email);
      return reply.code(202).send({ done: true });
    },
  );

  app.post(
    '/passwords',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'setPassword',
        summary: 'Sets the password by the token from the mail, and signs out every device',
        tags: ['identity'],
        body: exactly({ token: Token, password: Password }),
        response: { 200: Done, ...problems(link_spent, password_length, too_many_attempts) },
      },
    },
    async (request) => {
      await resetPassword(deps, request, request.body);
      return { done: true as const };
    },
  );
};
