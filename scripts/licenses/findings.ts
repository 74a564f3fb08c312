import type { Component } from './component.ts';

/** Licenses that ask for no more than that they are handed on, which the page does. Another one is for people to decide about. */
export const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'] as const;

const allowed = new Set<string>(ALLOWED);

/** What keeps a component out of the bundle, one line each. */
export const licenseFindings = (components: readonly Component[]): readonly string[] =>
  components.flatMap(({ name, version, license, text }) => {
    const found = `${name} ${version}`.trim();
    if (license === '') return [`${found} does not say its license`];
    if (!allowed.has(license)) return [`${found} is under ${license}; allowed are ${ALLOWED.join(', ')}`];
    return text === '' ? [`${found} is under ${license}, and its text is not to be found`] : [];
  });
