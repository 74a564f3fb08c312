import type { Arm, ArmAnswer } from '../../../src/azure/arm.ts';

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

/** ARM with these answers, by resource ID or page; what is not there is 404. Keeps what was put. */
export function armWith(
  answers: Readonly<Record<string, ArmAnswer>>,
): Arm & { readonly puts: { readonly id: string; readonly body: unknown }[] } {
  const puts: { id: string; body: unknown }[] = [];
  const get = (id: string): Promise<ArmAnswer> => Promise.resolve(answers[id] ?? refusal(404, 'ResourceNotFound'));
  return {
    side: 'source',
    puts,
    get,
    follow: get,
    put: (id, body) => {
      puts.push({ id, body });
      return get(id);
    },
  };
}
