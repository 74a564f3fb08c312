import type { Arm, ArmAnswer } from '../../../../src/azure/arm/client.ts';

/** A good answer of ARM. */
export const answer = (body: unknown, changes: Partial<ArmAnswer> = {}): ArmAnswer => ({
  status: 200,
  body,
  retryAfterSeconds: null,
  correlationId: 'c-1',
  error: null,
  ...changes,
});

/** An answer of ARM that is an error. */
export const refusal = (status: number, code: string): ArmAnswer =>
  answer(undefined, { status, error: { code, reason: `${code}: words of the service` } });

/** ARM with these answers, by resource ID (`ID?FILTER`) or page; what is not there is 404. Keeps what was put and asked. */
export function armWith(
  answers: Readonly<Record<string, ArmAnswer>>,
): Arm & { readonly puts: { readonly id: string; readonly body: unknown }[]; readonly asked: string[] } {
  const puts: { id: string; body: unknown }[] = [];
  const asked: string[] = [];
  const get = (id: string): Promise<ArmAnswer> => {
    asked.push(id);
    return Promise.resolve(answers[id] ?? refusal(404, 'ResourceNotFound'));
  };
  const change = (id: string, body: unknown): Promise<ArmAnswer> => {
    puts.push({ id, body });
    return get(id);
  };
  return {
    side: 'source',
    puts,
    asked,
    get: (id, query) => get(query?.filter ? `${id}?${query.filter}` : id),
    follow: get,
    put: change,
    post: change,
    delete: (id) => change(id, null),
  };
}
