import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { cutWithin, flip, stallWithin } from './body-faults.ts';
import type { FaultRule, RequestCounts, Service } from './description.ts';
import type { Interceptor } from './http.ts';

/** Counts the requests of one cloud's services, and does the faults that are switched on. */
export interface FaultBoard {
  readonly interceptor: (service: Service) => Interceptor;
  readonly add: (rule: FaultRule) => void;
  readonly clear: () => void;
  readonly counts: () => RequestCounts;
  readonly resetCounts: () => void;
}

const isPattern = (text: string): boolean => {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
};

const within = z.strictObject({ body: z.enum(['request', 'answer']), after: z.int().nonnegative() });

const schema = z.strictObject({
  service: z.enum(['entra', 'arm', 'vault', 'registry', 'storage']),
  method: z.string().optional(),
  path: z.string().refine(isPattern, 'not a regular expression').optional(),
  skip: z.int().nonnegative().optional(),
  times: z.int().positive(),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('answer'),
      status: z.int().min(200).max(599),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().optional(),
    }),
    z.strictObject({ kind: z.literal('cut'), within: within.optional() }),
    z.strictObject({ kind: z.literal('stall'), within }),
    z.strictObject({ kind: z.literal('flip'), within }),
    z.strictObject({ kind: z.literal('delay'), milliseconds: z.number().nonnegative() }),
  ]),
});

/** Reads a rule out of JSON. Throws a ZodError that names what is wrong. */
export const parseFault = (json: unknown): FaultRule => schema.parse(json) as FaultRule;

const noRequests = (): Record<Service, number> => ({ entra: 0, arm: 0, vault: 0, registry: 0, storage: 0 });

const matches = (rule: FaultRule, service: Service, request: IncomingMessage): boolean =>
  rule.service === service &&
  (rule.method === undefined || rule.method.toUpperCase() === request.method) &&
  (rule.path === undefined || new RegExp(rule.path).test(request.url ?? '/'));

/** Does the fault; true when the request has had its answer, or will get none. */
async function perform(
  fault: FaultRule['fault'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault.kind) {
    case 'delay':
      await pause(fault.milliseconds);
      return false;
    case 'cut':
      if (fault.within === undefined) request.socket.destroy();
      else cutWithin(fault.within, request, response);
      return fault.within === undefined;
    case 'stall':
      // Whoever reads nothing stops the sender: a request needs no more than to be left alone.
      if (fault.within.body === 'answer') stallWithin(fault.within, request, response);
      return fault.within.body === 'request';
    case 'flip':
      flip(fault.within, request, response);
      return false;
    case 'answer':
      // The rest of the request is read and dropped, or the connection could not be used again.
      request.resume();
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return true;
  }
}

/** No faults, no requests yet. Where several rules match, the oldest is done and counts down. */
export function createFaultBoard(): FaultBoard {
  let counts = noRequests();
  let rules: { readonly rule: FaultRule; skip: number; left: number }[] = [];

  const take = (service: Service, request: IncomingMessage): FaultRule | null => {
    const found = rules.find((held) => {
      if (!matches(held.rule, service, request)) return false;
      held.skip -= 1;
      return held.skip < 0;
    });
    if (!found) return null;
    found.left -= 1;
    rules = rules.filter(({ left }) => left > 0);
    return found.rule;
  };

  return {
    interceptor: (service) => async (request, response) => {
      counts[service] += 1;
      const rule = take(service, request);
      return rule !== null && (await perform(rule.fault, request, response));
    },
    add: (rule) => {
      rules.push({ rule, skip: rule.skip ?? 0, left: rule.times });
    },
    clear: () => {
      rules = [];
    },
    counts: () => ({ ...counts }),
    resetCounts: () => {
      counts = noRequests();
    },
  };
}
