import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { alter, isSecondWay } from './alter.ts';
import { cutWithin, flip, stallWithin } from './body-faults.ts';
import type { RequestCounts } from './description.ts';
import type { FaultRule, Service } from './fault-rule.ts';
import type { Interceptor } from './http.ts';
import { randomNumbers } from './random.ts';
import { createSecretsSeen } from './secrets-seen.ts';
import type { SecretsSeen } from './secrets-seen.ts';

/** Counts the requests to the services of one cloud, and applies faults. */
export interface FaultBoard {
  readonly interceptor: (service: Service) => Interceptor;
  readonly add: (rule: FaultRule) => void;
  readonly clear: () => void;
  /** Requests with a fault since the last `clear`. */
  readonly struck: () => number;
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

const pattern = z.string().refine(isPattern, 'not a regular expression');

const within = z.strictObject({ body: z.enum(['request', 'answer']), after: z.int().nonnegative() });

const schema = z.strictObject({
  service: z.enum(['entra', 'arm', 'vault', 'registry', 'storage']),
  method: z.string().optional(),
  path: pattern.optional(),
  agent: pattern.optional(),
  skip: z.int().nonnegative().optional(),
  times: z.int().positive(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  forSeconds: z.number().positive().optional(),
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
    z.strictObject({ kind: z.literal('reset') }),
    z.strictObject({ kind: z.literal('refuse'), milliseconds: z.number().nonnegative() }),
    z.strictObject({
      kind: z.literal('alter'),
      dropOfRequest: z.array(z.string()).optional(),
      copies: z.int().positive().optional(),
      milliseconds: z.number().nonnegative().optional(),
      drop: z.array(z.string()).optional(),
      set: z.record(z.string(), z.string()).optional(),
      truncate: z.int().nonnegative().optional(),
      replace: z.strictObject({ from: z.string(), to: z.string() }).optional(),
    }),
  ]),
});

/** Parses a rule. Throws a ZodError. */
export const parseFault = (json: unknown): FaultRule => schema.parse(json) as FaultRule;

const noRequests = (): Record<Service, number> => ({ entra: 0, arm: 0, vault: 0, registry: 0, storage: 0 });

const matches = (rule: FaultRule, service: Service, request: IncomingMessage): boolean =>
  rule.service === service &&
  (rule.method === undefined || rule.method.toUpperCase() === request.method) &&
  (rule.path === undefined || new RegExp(rule.path).test(request.url ?? '/')) &&
  (rule.agent === undefined || new RegExp(rule.agent).test(request.headers['user-agent'] ?? ''));

/** Only the TCP socket below a TLS socket can be reset. */
function reset({ socket }: IncomingMessage): void {
  (socket as Socket & { readonly _parent: Socket })._parent.resetAndDestroy();
}

/** Closes the port for a time. */
function shut(request: IncomingMessage, milliseconds: number): void {
  const { server } = request.socket as Socket & { readonly server: Server };
  const { port, address } = server.address() as AddressInfo;
  server.close();
  server.closeAllConnections();
  setTimeout(() => {
    server.listen(port, address);
  }, milliseconds);
}

/** Applies the fault. True if the request has got its response, or will get none. */
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
      // A receiver that doesn't read stops the sender, so a request needs nothing else.
      if (fault.within.body === 'answer') stallWithin(fault.within, request, response);
      return fault.within.body === 'request';
    case 'flip':
      flip(fault.within, request, response);
      return false;
    case 'reset':
      reset(request);
      return true;
    case 'refuse':
      shut(request, fault.milliseconds);
      return true;
    case 'alter':
      await alter(fault, request, response);
      return true;
    case 'answer':
      // The rest of the request is read and dropped. Otherwise, the connection couldn't be used again.
      request.resume();
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return true;
  }
}

/** A rule, and its remaining requests. */
interface HeldRule {
  readonly rule: FaultRule;
  skip: number;
  left: number;
  readonly draw: () => number;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Starts without faults and requests. If several rules match, the oldest one applies and counts. */
export function createFaultBoard(secrets: Pick<SecretsSeen, 'noteRequest'> = createSecretsSeen()): FaultBoard {
  let counts = noRequests();
  let struck = 0;
  let rules: HeldRule[] = [];

  const take = (service: Service, request: IncomingMessage): FaultRule | null => {
    const now = Date.now();
    const found = rules.find((held) => {
      if (held.until < now || !matches(held.rule, service, request)) return false;
      held.skip -= 1;
      return held.skip < 0 && held.draw() < (held.rule.probability ?? 1);
    });
    if (!found) return null;
    found.left -= 1;
    struck += 1;
    rules = rules.filter(({ left }) => left > 0);
    return found.rule;
  };

  return {
    interceptor: (service) => async (request, response) => {
      if (isSecondWay(request)) return false;
      counts[service] += 1;
      secrets.noteRequest(request);
      const rule = take(service, request);
      return rule !== null && (await perform(rule.fault, request, response));
    },
    add: (rule) => {
      rules.push({
        rule,
        skip: rule.skip ?? 0,
        left: rule.times,
        draw: randomNumbers(rule.seed ?? 0),
        until: Date.now() + (rule.forSeconds ?? Infinity) * 1000,
      });
    },
    clear: () => {
      struck = 0;
      rules = [];
    },
    struck: () => struck,
    counts: () => ({ ...counts }),
    resetCounts: () => {
      counts = noRequests();
    },
  };
}
