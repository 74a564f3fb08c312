import { describe, expect, it } from '@jest/globals';
import { inputError } from '../../../../src/action/inputs/reader.ts';

const problem = (value: string): { input: string; value: string; problem: string } => ({
  input: 'mode',
  value,
  problem: 'use one of these',
});

describe('inputError', () => {
  it.each([
    {
      name: 'one problem',
      problems: [problem('x')],
      message: 'One problem in the inputs of this step:\n  mode: "x": use one of these',
    },
    {
      name: 'an input that is missing',
      problems: [problem('')],
      message: 'One problem in the inputs of this step:\n  mode: use one of these',
    },
  ])('describes $name', ({ problems, message }) => {
    expect(inputError(problems).facts).toMatchObject({ id: 'ACRT1001', message });
  });

  it('counts several', () => {
    expect(inputError([problem('a'), problem('b')]).facts.message).toMatch(/^2 problems in the inputs/);
  });

  it('shows fifty, and counts the rest', () => {
    const lines = (count: number): readonly string[] =>
      inputError(Array.from({ length: count }, (_, index) => problem(`v${index}`))).facts.message.split('\n');
    expect([lines(50).length, lines(50).at(-1)]).toEqual([51, '  mode: "v49": use one of these']);
    expect([lines(51).length, lines(51).at(-1)]).toEqual([52, '  … and 1 more']);
  });

  it('truncates values of more than 120 characters', () => {
    const shown = (length: number): string => inputError([problem('v'.repeat(length))]).facts.message;
    expect(shown(120)).toContain(`"${'v'.repeat(120)}"`);
    expect(shown(121)).toContain(`"${'v'.repeat(120)}…"`);
  });

  it('truncates a very long value', () => {
    expect(inputError([problem('v'.repeat(5000))]).facts.message.length).toBeLessThan(300);
  });

  it('shows no secret of another input', () => {
    expect(inputError([problem('https://a.blob.x/c?sv=1&sig=abcdef')]).facts.message).not.toContain('abcdef');
  });
});
