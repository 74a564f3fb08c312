/** Runs before each test file: what it reaches is noted under its name. */
import { expect } from '@jest/globals';

process.env['MUTANT_TEST'] = expect.getState().testPath ?? '';
