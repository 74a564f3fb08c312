/** Issue 20, D10: an empty optional input means its default. A variable that isn't set is an empty string. */
import { describe, expect, it } from '@jest/globals';
import { actionDefinition, type ActionDefinition } from '../../../../scripts/action-definition.ts';
import { INPUT_DEFAULTS, SETUP_INPUT_DEFAULTS } from '../../../../src/action/inputs/defaults.ts';
import { readProvisioningRequest } from '../../../../src/action/inputs/provisioning.ts';
import { EXPORT_PIPELINE, IMPORT_PIPELINE, MINIMAL, requestOf, type Inputs } from './request.fixture.ts';

const transfer = actionDefinition();
const setup = actionDefinition('setup');

const optionalInputs = ({ inputs }: ActionDefinition): readonly string[] =>
  Object.entries(inputs).flatMap(([name, { required }]) => (required === true ? [] : [name]));

const defaultsOf = ({ inputs }: ActionDefinition): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) => (input.default === undefined ? [] : [[name, input.default]])),
  );

describe('D10: the defaults', () => {
  it('are those of action.yml', () => {
    expect(INPUT_DEFAULTS).toEqual(defaultsOf(transfer));
    expect(SETUP_INPUT_DEFAULTS).toEqual(defaultsOf(setup));
  });
});

const MODES = Object.entries(MINIMAL).map(([mode, given]) => ({ mode, given }));

describe.each(MODES)('D10: mode $mode', ({ given }) => {
  const others = optionalInputs(transfer).filter((name) => !(name in given));

  it.each(others)('takes an empty %s as not set', (input) => {
    for (const value of ['', '  \n']) expect(requestOf({ ...given, [input]: value })).toEqual(requestOf(given));
  });

  it('takes all empty inputs together as not set', () => {
    const empty = Object.fromEntries(others.map((input) => [input, '']));
    expect(requestOf({ ...empty, ...given })).toEqual(requestOf(given));
  });

  it('trims every value', () => {
    const spaced = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, ` ${value}\n`]));
    expect(requestOf(spaced)).toEqual(requestOf(given));
  });
});

describe('D10: the setup action', () => {
  const read = (given: Inputs) =>
    readProvisioningRequest((input) => given[input] ?? setup.inputs[input]?.default ?? '');
  const container = 'https://account.blob.core.windows.net/transfer';
  const states: readonly Inputs[] = [
    { pipeline: EXPORT_PIPELINE, container },
    { pipeline: IMPORT_PIPELINE, container, state: 'present' },
    { pipeline: EXPORT_PIPELINE, state: 'rotate' },
    { pipeline: IMPORT_PIPELINE, state: 'absent' },
  ];

  it.each(optionalInputs(setup))('takes an empty %s as not set', (input) => {
    for (const given of states.filter((state) => !(input in state))) {
      for (const value of ['', ' \n']) expect(read({ ...given, [input]: value })).toEqual(read(given));
    }
  });
});
