import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Location, locations } from '#modules/inventory/index.ts';
import { findRegister, type Register } from '#modules/till/index.ts';
import type { Db } from '#platform/db.ts';
import { sendOn } from '../page.ts';
import { registerIdOf } from './register-cookie.ts';

/** The register that this browser stands at, and the store that it is in. */
export interface Here {
  register: Register;
  store: Location;
}

export async function findHere(db: Db, request: FastifyRequest): Promise<Here | undefined> {
  const id = registerIdOf(request);
  const register = id === undefined ? undefined : await findRegister(db, id);
  const store = register && (await locations(db)).find((place) => place.id === register.locationId);
  return store && { register, store };
}

/** Sends to the choice of a register, from where the browser comes back to this page. */
export const toRegister = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendOn(reply, `/till/register?${new URLSearchParams({ next: request.url }).toString()}`);
