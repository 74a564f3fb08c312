import type { Arm, ArmResponse } from '../../../../src/azure/arm/client.ts';

/** A successful response of ARM. */
export const response = (body: unknown, changes: Partial<ArmResponse> = {}): ArmResponse => ({
  status: 200,
  body,
  retryAfterSeconds: null,
  correlationId: 'c-1',
  error: null,
  ...changes,
});

/** An error response of ARM. */
export const errorResponse = (status: number, code: string): ArmResponse =>
  response(undefined, { status, error: { code, reason: `${code}: words of the service` } });

/** No test needs more. */
const MAX_REQUESTS = 100;

/** ARM with these responses, by resource ID (`ID?FILTER`) or page; 404 for all others. Records changes and requests. */
export function armWith(
  responses: Readonly<Record<string, ArmResponse>>,
): Arm & { readonly puts: { readonly id: string; readonly body: unknown }[]; readonly requests: string[] } {
  const puts: { id: string; body: unknown }[] = [];
  const requests: string[] = [];
  const get = (id: string): Promise<ArmResponse> => {
    requests.push(id);
    if (requests.length > MAX_REQUESTS) throw new Error('the client sends requests without end');
    return Promise.resolve(responses[id] ?? errorResponse(404, 'ResourceNotFound'));
  };
  const change = (id: string, body: unknown): Promise<ArmResponse> => {
    puts.push({ id, body });
    return get(id);
  };
  return {
    side: 'source',
    puts,
    requests,
    get: (id, query) => get(query?.filter ? `${id}?${query.filter}` : id),
    follow: get,
    put: change,
    post: change,
    delete: (id) => change(id, null),
  };
}
