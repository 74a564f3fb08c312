import { describe, expect, it } from '@jest/globals';
import { checkNode } from '../../src/action/runner/environment.ts';

describe('checkNode', () => {
  it.each(['24.0.0', '24.21.0', '25.1.0', '100.0.0'])('accepts Node %s', (version) => {
    expect(() => {
      checkNode(version);
    }).not.toThrow();
  });

  it.each(['23.11.1', '20.0.0', '9.0.0'])('refuses Node %s', (version) => {
    expect(() => {
      checkNode(version);
    }).toThrow(expect.objectContaining({ facts: expect.objectContaining({ id: 'ACRT1002' }) }));
  });
});
