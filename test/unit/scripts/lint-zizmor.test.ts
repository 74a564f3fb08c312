import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runZizmor } from '../../../scripts/lint/zizmor.ts';

describe('runZizmor', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'acr-transfer-zizmor-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const install = (script: string): void => {
    writeFileSync(join(folder, 'zizmor'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'zizmor'), 0o755);
  };

  it('reports a missing zizmor', () => {
    expect(runZizmor(folder, { PATH: folder })).toBe('absent');
  });

  // Its exit code is 13 for findings of medium severity (docs.zizmor.sh: exit codes).
  it.each([
    { code: 0, outcome: 'clean' },
    { code: 13, outcome: 'findings' },
  ])('is $outcome with exit code $code', ({ code, outcome }) => {
    install(`test "$1" = --offline && exit ${code}`);

    expect(runZizmor(folder, { PATH: folder })).toBe(outcome);
  });
});
